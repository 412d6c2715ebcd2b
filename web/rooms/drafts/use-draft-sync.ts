import { useEffect, useRef, useState } from 'react'
import type { ConversationId } from '@fermata/base/ids'
import { ok } from '@fermata/base/result'
import type { DraftView } from '@fermata/contract/drafts.schema'
import { keepDraftBase, readDraftBase, type Draft } from '../../state/drafts.ts'
import { tried } from '../../state/trouble.ts'
import { useMay, useModel, useMyId, useSession } from '../../state/use-session.tsx'
import { useEnvironment } from '../../ui/environment.tsx'
import { DraftSync } from './draft-sync.ts'

/** The words of a composer, kept on the server. */
export interface KeptDraft {
  /** Other words that were written elsewhere at the same time; null when there are none. */
  readonly theirs: Draft | null
  /** Keeps one of the two. */
  choose(isTheirs: boolean): void
  typed(draft: Draft): void
}

/** Keeps my draft of a conversation in step with the server; `adopt` shows what I wrote elsewhere. */
export function useDraftSync(
  conversation: ConversationId,
  draft: Draft,
  adopt: (draft: Draft) => void,
): KeptDraft {
  const { client } = useSession()
  const { clock } = useEnvironment()
  const me = useMyId()
  const mayWrite = useMay('conversations:write')
  const known = useModel((model) => model.state.drafts[conversation])
  const isKnown = useModel((model) => model.loads['things']?.state === 'loaded')
  const [theirs, setTheirs] = useState<Draft | null>(null)
  const sync = useRef<DraftSync | null>(null)
  const first = useRef({ draft, adopt })
  useEffect(() => {
    if (!mayWrite) return
    const place = { me, conversation }
    const params = { conversation }
    const made = new DraftSync({
      clock,
      base: readDraftBase(localStorage, place),
      words: first.current.draft,
      put: async (body) => {
        const kept = await tried(() => client.drafts.put({ params, body }))
        return kept.ok ? ok<DraftView>(kept.value.draft) : kept
      },
      remove: (version) => tried(() => client.drafts.remove({ params, query: { version } })),
      keep: (base) => keepDraftBase(localStorage, place, base),
      adopt: (words) => first.current.adopt(words),
      ask: setTheirs,
    })
    sync.current = made
    return () => {
      made.leave()
      sync.current = null
    }
  }, [client, clock, me, conversation, mayWrite])
  useEffect(() => {
    first.current = { draft, adopt }
  })
  useEffect(() => {
    if (isKnown) sync.current?.told(known ?? null)
  }, [isKnown, known])
  return {
    theirs,
    choose: (isTheirs) => sync.current?.choose(isTheirs),
    typed: (words) => sync.current?.typed(words),
  }
}
