import { useCallback, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { ok, refused, type Result } from '@fermata/base/result'
import type { ConversationId } from '@fermata/base/ids'
import { refusal, type Refusal } from '@fermata/contract/errors'
import { windowName } from '@fermata/contract/state'
import { useAskModel, useMyId, useSession } from '../../state/use-session.tsx'
import { tried, type Trouble } from '../../state/trouble.ts'
import { useTroubleText } from '../../state/use-trouble.ts'
import { useEnvironment } from '../../ui/environment.tsx'
import { useMoment } from '../../ui/time/time.tsx'
import { useNotices } from '../../ui/toast.tsx'
import { useActorName } from '../contacts/names.ts'
import { ask, guessOf, movesOn, undoOf, type Act } from './acts.ts'
import { rowAfter } from './neighbours.ts'
import { useIntents } from './use-intents.tsx'
import { usePlace } from './use-place.ts'

/** Does things to conversations: shown at once, undone by a word, and then the next one opens. */
export interface Acts {
  perform(conversation: ConversationId, act: Act): void
  /** Does it, and goes on only once the server has: for acts with words, which a refusal must not cost. */
  performFirst(conversation: ConversationId, act: Act): Promise<Result<unknown, Refusal>>
  /** Does it once the server has accepted a message of the outbox; kept over a reload. */
  performAfter(conversation: ConversationId, act: Act, entry: string): void
  /** Does it without a word about it. */
  quietly(conversation: ConversationId, act: Act): Promise<Result<unknown, Trouble>>
}

/** The acts of whoever is signed in. */
export function useActs(): Acts {
  const { client, store } = useSession()
  const { clock } = useEnvironment()
  const me = useMyId()
  const askModel = useAskModel()
  const notices = useNotices()
  const troubleText = useTroubleText()
  const doneText = useDoneText()
  const intents = useIntents()
  const { key, conversation: open, open: openNext } = usePlace()

  const asked = useCallback(
    (conversation: ConversationId, act: Act) => {
      const guess = guessOf(conversation, act, me, clock.now())
      return store.act(guess, () => ask(client, conversation, act))
    },
    [client, store, clock, me],
  )

  const sayFailed = useCallback(
    (trouble: Trouble) => notices.say({ kind: 'failed', text: troubleText(trouble) }),
    [notices, troubleText],
  )

  const quietly = useCallback(
    async (conversation: ConversationId, act: Act) => {
      const result = await tried(() => asked(conversation, act))
      if (!result.ok) sayFailed(result.refusal)
      return result
    },
    [asked, sayFailed],
  )

  const here = useRef<ConversationId | null>(null)
  useEffect(() => {
    here.current = open
    return () => {
      here.current = null
    }
  }, [open])

  /** What opens the next one, as it is found before the list has changed. */
  const wayOn = (conversation: ConversationId, act: Act): (() => void) => {
    const ids = askModel().state.windows[windowName(key)]?.ids ?? []
    const next = rowAfter(ids, conversation)
    return () => {
      // Whoever has opened another one meanwhile stays there.
      if (movesOn(act) && here.current === conversation) openNext(next)
    }
  }

  /** What takes an act back, as it is known before it is done. */
  const waysBack = (conversation: ConversationId, act: Act): readonly Act[] => {
    const { rows, mine } = askModel().state
    const row = rows[conversation]
    return row === undefined ? [] : undoOf(act, { row, mine: mine[conversation] }, me)
  }

  /** Says that an act was done; answers what takes that off again. */
  const sayDone = (conversation: ConversationId, act: Act, back: readonly Act[]): (() => void) => {
    const text = doneText(act)
    if (text === null) return () => {}
    const undo = async (): Promise<void> => {
      if (movesOn(act)) openNext(conversation)
      for (const step of back) if (!(await quietly(conversation, step)).ok) return
    }
    return notices.sayEarly({ text, ...(back.length > 0 ? { undo: () => void undo() } : {}) })
  }

  const perform = (conversation: ConversationId, act: Act): void => {
    if (askModel().state.rows[conversation] === undefined) return
    const back = waysBack(conversation, act)
    wayOn(conversation, act)()
    const doing = tried(() => asked(conversation, act))
    const takeOff = sayDone(conversation, act, back)
    void doing.then((result) => {
      if (result.ok) return
      takeOff()
      sayFailed(result.refusal)
    })
  }

  const performFirst: Acts['performFirst'] = async (conversation, act) => {
    const back = waysBack(conversation, act)
    const moveOn = wayOn(conversation, act)
    const result = await asked(conversation, act)
    if (!result.ok) return result
    moveOn()
    sayDone(conversation, act, back)
    return result
  }

  const performAfter = (conversation: ConversationId, act: Act, entry: string): void => {
    const { done } = intents.add({
      conversation,
      deed: { type: 'act', act },
      after: { accepted: entry },
    })
    wayOn(conversation, act)()
    const takeOff = sayDone(conversation, act, [])
    const call = async (): Promise<Result<unknown, Refusal>> => {
      const result = await done
      if (result?.ok === true) return ok(undefined)
      takeOff()
      if (result === null) return refused(refusal('not_found'))
      sayFailed(result.refusal)
      return refused(refusal('conflict'))
    }
    void store.act(guessOf(conversation, act, me, clock.now()), call)
  }

  return { perform, performFirst, performAfter, quietly }
}

/** What is said about an act once it is done; null where the screen shows it well enough. */
function useDoneText(): (act: Act) => string | null {
  const { t } = useTranslation()
  const name = useActorName()
  const moment = useMoment()
  return (act) => {
    switch (act.type) {
      case 'resolve':
        return t('conversations.done.resolved')
      case 'reopen':
        return t('conversations.done.reopened')
      case 'turn':
        return t('conversations.done.turn')
      case 'pause':
        return act.until === null
          ? t('conversations.done.pausedOpen')
          : t('conversations.done.paused', { time: moment(act.until) })
      case 'resume':
        return t('conversations.done.resumed')
      case 'archive':
        return t('conversations.done.archived')
      case 'unarchive':
        return t('conversations.done.unarchived')
      case 'snooze':
        return t('conversations.done.snoozed', { time: moment(act.until) })
      case 'unsnooze':
        return t('conversations.done.unsnoozed')
      case 'read':
        return t('conversations.done.unread')
      case 'release':
        return t('conversations.done.released')
      case 'pass':
        return t('conversations.done.passed')
      case 'hand':
        return t('conversations.done.handed', { who: name(act.holder) })
      default:
        return null
    }
  }
}
