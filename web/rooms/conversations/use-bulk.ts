import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ConversationId, LabelId } from '@fermata/base/ids'
import { ok, refused, type Result } from '@fermata/base/result'
import type { BulkAct, BulkOutcome } from '@fermata/contract/bulk.schema'
import { refusal, type ErrorCode, type Refusal } from '@fermata/contract/errors'
import type { ConversationRow } from '@fermata/contract/conversations.schema'
import { tried } from '../../state/trouble.ts'
import { useAskModel, useMyId, useSession } from '../../state/use-session.tsx'
import { useTroubleText } from '../../state/use-trouble.ts'
import { useEnvironment } from '../../ui/environment.tsx'
import { useNotices } from '../../ui/toast.tsx'
import { guessOf, type Act } from './acts.ts'

/** So many are asked for in one request, so that it can be seen how it goes on. */
const perRequest = 25

/** What is being done to many conversations. */
export interface Progress {
  readonly done: number
  readonly of: number
}

/** The act that does to one conversation what is done to many, to be shown before the server confirms it. */
function actFor(act: BulkAct, row: ConversationRow): Act | null {
  switch (act.type) {
    case 'pause':
      return { type: 'pause', until: act.until ?? null, reason: act.reason ?? '' }
    case 'labels': {
      const kept = row.labels.filter((one) => !act.remove.includes(one))
      const labels: LabelId[] = [...new Set([...kept, ...act.add])]
      return { type: 'labels', labels }
    }
    case 'hand':
      return { type: 'hand', holder: act.holder, note: act.note ?? '' }
    default:
      return act
  }
}

/** Does one thing to many conversations: shown at once, undone by one word. */
export function useBulk(): {
  readonly progress: Progress | null
  /** Answers those to which it was not done. */
  perform(ids: readonly ConversationId[], act: BulkAct): Promise<readonly ConversationId[]>
} {
  const { client, store } = useSession()
  const { clock } = useEnvironment()
  const { t } = useTranslation()
  const me = useMyId()
  const askModel = useAskModel()
  const notices = useNotices()
  const troubleText = useTroubleText()
  const why = useWhy()
  const [progress, setProgress] = useState<Progress | null>(null)

  /** Asks part by part; what could not be asked for any more is told in a notice. */
  const parts = async (
    ids: readonly ConversationId[],
    ask: (some: ConversationId[]) => Promise<Result<{ outcomes: BulkOutcome[] }, Refusal>>,
    heard: (outcomes: readonly BulkOutcome[]) => void,
  ): Promise<void> => {
    setProgress({ done: 0, of: ids.length })
    for (let from = 0; from < ids.length; from += perRequest) {
      const some = ids.slice(from, from + perRequest)
      const result = await tried(() => ask(some))
      if (!result.ok) {
        notices.say({ kind: 'failed', text: troubleText(result.refusal) })
        const code = 'unavailable' as const
        const left = ids.slice(from)
        heard(left.map((conversation) => ({ conversation, refusal: { code, message: '' } })))
        break
      }
      heard(result.value.outcomes)
      setProgress({ done: from + some.length, of: ids.length })
    }
    setProgress(null)
  }

  /** Shows what it will have done, until the server has said what came of it. */
  const shown = (ids: readonly ConversationId[], act: BulkAct) => {
    const { rows } = askModel().state
    const waiting = new Map<ConversationId, (result: Result<unknown, Refusal>) => void>()
    for (const id of ids) {
      const row = rows[id]
      const single = row === undefined ? null : actFor(act, row)
      if (single === null) continue
      const { promise, resolve } = Promise.withResolvers<Result<unknown, Refusal>>()
      waiting.set(id, resolve)
      void store.act(guessOf(id, single, me, clock.now()), () => promise)
    }
    return (outcomes: readonly BulkOutcome[]): void => {
      for (const { conversation, refusal: no } of outcomes) {
        waiting.get(conversation)?.(no === null ? ok(undefined) : refused(refusal(no.code)))
      }
    }
  }

  const undo = async (key: string, ids: readonly ConversationId[]): Promise<void> => {
    const outcomes: BulkOutcome[] = []
    await parts(
      ids,
      (conversations) => client.bulk.undo({ body: { client: key, conversations } }),
      (heard) => outcomes.push(...heard),
    )
    const left = outcomes.filter((one) => one.refusal !== null)
    if (left.length === 0) return
    notices.say({ kind: 'info', text: t('replies.bulk.notUndone', { count: left.length }) })
  }

  const perform = async (
    ids: readonly ConversationId[],
    act: BulkAct,
  ): Promise<readonly ConversationId[]> => {
    const key = client.newId()
    const settle = shown(ids, act)
    const outcomes: BulkOutcome[] = []
    await parts(
      ids,
      (conversations) => client.bulk.do({ body: { client: key, conversations, act } }),
      (heard) => {
        settle(heard)
        outcomes.push(...heard)
      },
    )
    const done = outcomes.filter((one) => one.refusal === null).map((one) => one.conversation)
    const left = outcomes.filter((one) => one.refusal !== null)
    if (left.length > 0) notices.say({ kind: 'failed', text: why(left) })
    if (done.length > 0) {
      const text = t(`replies.bulk.done.${act.type}`, { count: done.length })
      notices.say({ text, undo: () => void undo(key, done) })
    }
    return left.map((one) => one.conversation)
  }

  return { progress, perform }
}

/** Says why some were left out: how many for which reason. */
function useWhy(): (left: readonly BulkOutcome[]) => string {
  const { t } = useTranslation()
  return (left) => {
    const counts = new Map<string, number>()
    for (const { refusal: no } of left) {
      const words = t(`replies.bulk.why.${reasonOf(no?.code)}`)
      counts.set(words, (counts.get(words) ?? 0) + 1)
    }
    const reasons = [...counts].map(([words, count]) => `${count} × ${words}`).join('; ')
    return t('replies.bulk.notDone', { reasons })
  }
}

function reasonOf(code: ErrorCode | undefined) {
  switch (code) {
    case 'lease_held':
    case 'conflict':
    case 'not_found':
    case 'limit_reached':
      return code
    default:
      return 'other'
  }
}
