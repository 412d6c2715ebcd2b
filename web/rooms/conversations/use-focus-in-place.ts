import { useEffect, useRef } from 'react'
import type { ConversationId } from '@fermata/base/ids'
import { canHaveFocus } from '../../ui/focus/keeper.ts'
import { useFocusKeeper } from '../../ui/focus/provider.tsx'
import { usePlace } from './use-place.ts'

/**
 * The focus goes with whoever opens and closes conversations. From a row of the list it goes to the row
 * of what is opened, from anywhere else to the messages; once they are closed, back to their row.
 */
export function useFocusInPlace(): void {
  const focus = useFocusKeeper()
  const { key, conversation } = usePlace()
  const list = `${key.list}/${key.inbox ?? ''}`
  const before = useRef({ list, conversation })
  useEffect(() => {
    const from = before.current
    before.current = { list, conversation }
    if (conversation === from.conversation) return
    const last = focus.last()
    if (conversation !== null) {
      const isInRows = last?.id.startsWith('cnv_') === true
      if (!isInRows || !focusRow(conversation)) focus.land()
    } else if (list === from.list && (last === null || !canHaveFocus(last))) {
      focusRow(from.conversation)
    }
  }, [list, conversation, focus])
}

/** Goes to the row of a conversation, and answers whether the list has it on the screen. */
function focusRow(id: ConversationId | null): boolean {
  const row = id === null ? null : document.getElementById(id)
  if (row === null || !canHaveFocus(row)) return false
  row.focus()
  return true
}
