import { createContext, use } from 'react'
import { present } from '@fermata/base/assert'

/** What can be called up over any screen. */
export type Panel = 'navigation' | 'menu' | 'keys' | 'compose' | 'channel' | 'direct'

/** Shows one of the panels, or none. */
export const ShellContext = createContext<((panel: Panel | null) => void) | null>(null)

/** Calls up a panel from anywhere below the shell. */
export function useShowPanel(): (panel: Panel | null) => void {
  return present(use(ShellContext), 'the shell')
}
