import { createContext, use, useMemo, useState, type ReactNode } from 'react'
import { present } from '@fermata/base/assert'
import type { ConversationId } from '@fermata/base/ids'
import { windowName } from '@fermata/contract/state'
import { useAskModel } from '../../state/use-session.tsx'
import { allOf, extended, nothingSelected, toggled, type Selection } from './selection.ts'
import { usePlace } from './use-place.ts'

/** What was chosen from the list, and choosing. */
export interface Selecting extends Selection {
  readonly isOn: boolean
  toggle(id: ConversationId): void
  /** Chooses all from the last one that was chosen, or else from another, to this one. */
  extend(to: ConversationId, from?: ConversationId | null): void
  all(): void
  /** Shows the boxes, for who has no keys and does not point. */
  begin(): void
  /** Keeps only these chosen. */
  keep(ids: Iterable<ConversationId>): void
  clear(): void
}

const SelectionContext = createContext<Selecting | null>(null)

/** What was chosen from the list that is shown. Another list begins with nothing. */
export function useSelection(): Selecting {
  return present(use(SelectionContext), 'a selection')
}

/** Lets things be chosen from the list below. */
export function SelectionProvider(props: { children: ReactNode }) {
  const { key } = usePlace()
  const askModel = useAskModel()
  const name = windowName(key)
  const [held, setHeld] = useState({ name, selection: nothingSelected, isOn: false })
  const selection = held.name === name ? held.selection : nothingSelected
  const isOn = held.name === name && (held.isOn || selection.ids.size > 0)
  const value = useMemo<Selecting>(() => {
    const list = () => askModel().state.windows[name]?.ids ?? []
    const set = (next: Selection): void => setHeld({ name, selection: next, isOn })
    return {
      ...selection,
      isOn,
      begin: () => setHeld({ name, selection, isOn: true }),
      toggle: (id) => set(toggled(selection, id)),
      extend: (to, from = null) =>
        set(extended({ ...selection, from: selection.from ?? from }, list(), to)),
      all: () => set(allOf(list())),
      keep: (ids) => set({ ids: new Set(ids), from: null }),
      clear: () => setHeld({ name, selection: nothingSelected, isOn: false }),
    }
  }, [askModel, name, selection, isOn])
  return <SelectionContext value={value}>{props.children}</SelectionContext>
}
