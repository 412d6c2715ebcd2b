import type { ConversationId } from '@fermata/base/ids'
import type { Model } from '@fermata/sdk/store'
import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { useSurround } from './context.ts'

/** Tells screen readers of every new answer, wherever in the frame one is. */
export function Announcer({ model }: { model: Model }): JSX.Element {
  const { say } = useSurround()
  const [text, setText] = useState('')
  const heard = useRef<Map<ConversationId, number> | null>(null)
  useEffect(() => {
    const rows = Object.values(model.state.rows).filter((row) => row !== undefined)
    const before = heard.current
    heard.current = new Map(rows.map((row) => [row.id, row.lastNumber]))
    // What was there when one came is to be read, not to be announced.
    if (before === null || before.size === 0) return
    for (const { id, lastNumber, preview } of rows) {
      const fresh = lastNumber > (before.get(id) ?? 0)
      if (fresh && preview !== null && preview.author.kind !== 'contact') {
        setText(say('newMessage', { name: preview.author.name, text: preview.text }))
      }
    }
  }, [model.state.rows, say])
  return (
    <div class="unseen" role="log" aria-live="polite">
      {text}
    </div>
  )
}
