import type { Clock } from '@fermata/base/clock'
import { bytesOf, type InboxId } from '@fermata/base/ids'
import { ok, refused, type Result } from '@fermata/base/result'
import type { ConversationRow } from '@fermata/contract/conversations.schema'
import { refusal, type Refusal } from '@fermata/contract/errors'
import { may } from '@fermata/contract/may'
import type { Storage, StoredEvent, WriteTx } from '@fermata/storage/port'
import { standingOf } from '../accounts/index.ts'
import { mayTouch, touches } from '../feed/index.ts'
import { roomForOne, takenBefore } from '../leases/index.ts'
import { inboxForCaller } from '../places/index.ts'
import { leaseMsIn } from '../teams/index.ts'
import { saveLease, type Worker } from './lease.actions.ts'
import { holderOf } from './leasing.ts'
import { previewOf } from './lookups.ts'
import { nextOfAll, nextToSee, nextToTake } from './next.sql.ts'
import { recordOf, type ConversationRecord } from './record.ts'
import { conversationById } from './store.sql.ts'
import type { ConversationTable } from './tables.ts'
import { rowView } from './views.ts'
import { waiters } from './waiters.ts'

/** What somebody asks for who asks for the next conversation. */
export interface NextAsked {
  readonly inbox: InboxId
  readonly client?: string
  readonly ms?: number
  readonly waitMs?: number
}

/** What somebody took, or null when there was nothing. */
type Taken = Result<ConversationRow | null, Refusal>

/** Giving out the next conversation. */
export interface NextActions {
  /**
   * Takes the most urgent conversation of an inbox that is free, and null when there is none after `waitMs`.
   * A repeat under the same client id answers with what was taken, while it is held. `gone` ends the wait.
   */
  next(caller: Worker, asked: NextAsked, gone: AbortSignal | null): Promise<Taken>
  /** Ends the waits of those whom an event shuts out, or lets in for something else: they are to ask again. */
  heard(event: StoredEvent): void
  /** Ends all waits: the server stops. */
  stop(): void
}

interface NextDeps {
  readonly storage: Storage
  readonly clock: Clock
  readonly wake: (at: number) => void
}

async function found(
  tx: WriteTx,
  caller: Worker,
  asked: NextAsked,
): Promise<ConversationTable | undefined> {
  const place = { inbox: bytesOf(asked.inbox), reader: caller.id }
  const quick = await tx.get(nextToTake, place)
  return quick !== undefined || tx.dialect === 'sqlite' ? quick : tx.get(nextOfAll, place)
}

async function rowOf(tx: WriteTx, record: ConversationRecord): Promise<ConversationRow> {
  return rowView(record, await previewOf(tx, record, 'ours'), 'ours')
}

/** One try, in a transaction of its own. */
async function takeNext(
  tx: WriteTx,
  caller: Worker,
  asked: NextAsked,
  clock: Clock,
): Promise<Taken> {
  // They may have waited for long: what they may do is what they may do now.
  const standing = await standingOf(tx, caller.workspace, caller.id)
  if (standing === undefined || !may(standing, 'conversations:write')) {
    return refused(refusal('not_allowed'))
  }
  const inbox = await inboxForCaller(tx, standing, bytesOf(asked.inbox))
  if (inbox === undefined) return refused(refusal('not_found'))
  const full = await roomForOne(tx, caller.workspace, caller.id)
  if (asked.client !== undefined) {
    const before = await takenBefore(tx, caller.id, asked.client)
    const row = before === null ? undefined : await tx.get(conversationById, { id: before })
    if (row !== undefined) return ok(await rowOf(tx, recordOf(row)))
  }
  if (full !== null) return refused(full)
  const row = await found(tx, caller, asked)
  if (row === undefined) return ok(null)
  const { client } = asked
  const spanMs = asked.ms ?? (await leaseMsIn(tx, caller.workspace, inbox))
  const command = { type: 'next', by: holderOf(caller), spanMs } as const
  const change = client === undefined ? { command } : { command, client }
  // The time is read behind the lock: whoever held it before has let it go by now.
  const deed = { by: caller.id, at: clock.now() }
  const saved = await saveLease(tx, recordOf(row), change, deed)
  return saved.ok ? ok(await rowOf(tx, saved.value)) : saved
}

/** Gives out the next conversations. */
export function nextActions({ storage, clock, wake }: NextDeps): NextActions {
  const waiting = waiters(storage)
  /** What ends each wait, and whose it is. */
  const ends = new Map<() => void, Worker>()

  async function attempt(caller: Worker, asked: NextAsked): Promise<Taken> {
    const done = await storage.write((tx) => takeNext(tx, caller, asked, clock))
    const until = done.ok ? done.value?.lease?.until : undefined
    if (until !== undefined) wake(until)
    return done
  }

  /** A look costs no transaction of writing; only whoever sees something tries to take it. */
  function isThere(caller: Worker, { inbox }: NextAsked): Promise<boolean> {
    const place = { inbox: bytesOf(inbox), reader: caller.id }
    return storage.read(async (tx) => (await tx.get(nextToSee, place)) !== undefined)
  }

  /** Waits until there is something, it takes too long, or whoever asked is gone. */
  async function wait(caller: Worker, asked: NextAsked, gone: AbortSignal | null): Promise<Taken> {
    const { promise, resolve, reject } = Promise.withResolvers<Taken>()
    let isTrying = false
    let isOver = false
    const tryIt = async (): Promise<void> => {
      isTrying = true
      try {
        const taken = (await isThere(caller, asked)) ? await attempt(caller, asked) : ok(null)
        // What was taken must reach whoever asked, also when the time was over meanwhile.
        if (isOver || !taken.ok || taken.value !== null) {
          leave?.()
          resolve(taken)
        }
      } catch (error) {
        leave?.()
        reject(error)
      } finally {
        isTrying = false
      }
    }
    const leave = waiting.join(caller.workspace, asked.inbox, tryIt)
    if (leave === null) return refused(refusal('too_many', { retryAfterMs: asked.waitMs ?? 0 }))
    const end = (): void => {
      isOver = true
      leave()
      if (!isTrying) resolve(ok(null))
    }
    const cancel = clock.after(asked.waitMs ?? 0, end)
    gone?.addEventListener('abort', end)
    ends.set(end, caller)
    try {
      return await promise
    } finally {
      cancel()
      gone?.removeEventListener('abort', end)
      ends.delete(end)
    }
  }

  return {
    async next(caller, asked, gone) {
      const first = await attempt(caller, asked)
      const isEmpty = first.ok && first.value === null
      return isEmpty && (asked.waitMs ?? 0) > 0 ? wait(caller, asked, gone) : first
    },
    heard(event) {
      if (!mayTouch(event)) return
      for (const [end, caller] of [...ends]) if (touches(event, caller) !== 'no') end()
    },
    stop() {
      waiting.stop()
      for (const end of [...ends.keys()]) end()
    },
  }
}
