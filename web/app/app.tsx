import { RouterProvider } from '@tanstack/react-router'
import { useState } from 'react'
import { IntentsProvider } from '../rooms/conversations/use-intents.tsx'
import { usePreferences } from '../state/use-preferences.tsx'
import { CommandsProvider } from '../ui/commands/provider.tsx'
import { NoticesProvider } from '../ui/toast.tsx'
import { createAppRouter } from './router.tsx'

/** The app of somebody who is signed in. */
export function App() {
  const [router] = useState(createAppRouter)
  const { preferences } = usePreferences()
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
