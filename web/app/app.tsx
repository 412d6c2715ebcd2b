import { RouterProvider } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { IntentsProvider } from '../rooms/conversations/use-intents.tsx'
import { usePreferences } from '../state/use-preferences.tsx'
import { CommandsProvider } from '../ui/commands/provider.tsx'
import { useFocusKeeper } from '../ui/focus/provider.tsx'
import { NoticesProvider } from '../ui/toast.tsx'
import { createAppRouter } from './router.tsx'

/** The app of somebody who is signed in. */
export function App() {
  const [router] = useState(createAppRouter)
  const { preferences } = usePreferences()
  const focus = useFocusKeeper()
  useEffect(
    () =>
      router.subscribe('onRendered', ({ fromLocation }) => {
        // On the first screen the focus is where the browser has it: before everything.
        if (fromLocation !== undefined) focus.arrive()
      }),
    [router, focus],
  )
  return (
    <CommandsProvider letters={preferences.letters}>
      <NoticesProvider>
        <IntentsProvider>
          <RouterProvider router={router} />
        </IntentsProvider>
      </NoticesProvider>
    </CommandsProvider>
  )
}
