import { createContext, use, useEffect, useState, type ReactNode } from 'react'
import { present } from '@fermata/base/assert'
import { createFocusKeeper, type FocusKeeper } from './keeper.ts'

const FocusContext = createContext<FocusKeeper | null>(null)

/** Keeps the focus from being lost, and lets everything below ask where it is. */
export function FocusProvider(props: { children: ReactNode }) {
  const [keeper] = useState(() => createFocusKeeper(document))
  useEffect(() => keeper.start(), [keeper])
  return <FocusContext value={keeper}>{props.children}</FocusContext>
}

/** What keeps the focus. */
export function useFocusKeeper(): FocusKeeper {
  return present(use(FocusContext), 'the keeper of the focus')
}
