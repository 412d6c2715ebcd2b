import { limits } from '@fermata/base/limits'
import type { InboxId } from '@fermata/base/ids'
import { ok, type Result } from '@fermata/base/result'
import type { Caller } from '@fermata/contract/actors'
import type { Refusal } from '@fermata/contract/errors'
import type { List } from '@fermata/contract/words'
import { idList } from '@fermata/storage/lists'
import type { ReadTx, Storage } from '@fermata/storage/port'
import { heldCounts, keptCounts, putAwayCount, putAwayCounts, seenCounts } from './counts.sql.ts'
import { hexOf, inboxesAsked, served } from './lists.ts'
import type { InboxList } from './lists.sql.ts'

/** Some inboxes, and how much of their lists the caller has put away; undefined where that is too much to look through. */
interface Scope {
  readonly inboxes: string
  readonly putAway: Partial<Readonly<Record<InboxList, number>>> | undefined
}

/** What is to be counted: all that was asked for, and what of it is the caller's to do. */
interface Counting {
  readonly of: Scope
  readonly mine: Scope
  readonly held: number
  readonly position: number
}

async function countingFor(
  tx: ReadTx,
  caller: Caller,
  inbox: InboxId | undefined,
  position: (tx: ReadTx) => Promise<number>,
): Promise<Result<Counting, Refusal>> {
  const inboxes = await inboxesAsked(tx, caller, inbox)
  if (!inboxes.ok) return inboxes
  const within = new Set(inboxes.value.map(({ id }) => hexOf(id)))
  let held = 0
  for (const one of await tx.all(heldCounts, { reader: caller.id })) {
    if (within.has(hexOf(one.inbox))) held += one.n
  }
  const few = limits.putAwayCountedMax
  const put = await tx.get(putAwayCount, { reader: caller.id, limit: few + 1 })
  const scopeOf = async (ids: readonly Uint8Array[]): Promise<Scope> => {
    const list = idList(ids)
    if ((put?.n ?? 0) > few) return { inboxes: list, putAway: undefined }
    const putAway = await tx.get(putAwayCounts, { reader: caller.id, inboxes: list })
    return { inboxes: list, putAway: putAway ?? {} }
  }
  const duties = await served(tx, caller, inboxes.value)
  const of = await scopeOf(inboxes.value.map(({ id }) => id))
  const isAll = duties.length === inboxes.value.length
  const mine = isAll ? of : await scopeOf(duties.map(({ id }) => id))
  return ok({ of, mine, held, position: await position(tx) })
}

/**
 * How many rows a list has for its reader, up to a limit. Nearly everybody has put away little, so that all is counted, without
 * a look at what the reader has of each, and what they have put away is taken off.
 */
async function countIn(
  tx: ReadTx,
  reader: string,
  list: InboxList,
  { inboxes, putAway }: Scope,
): Promise<number> {
  const limit = limits.countMax + 1
  if (putAway === undefined) {
    return (await tx.get(seenCounts[list], { inboxes, reader, limit }))?.n ?? 0
  }
  const less = putAway[list] ?? 0
  const all = await tx.get(keptCounts[list], { inboxes, limit: limit + less })
  return Math.max(0, (all?.n ?? 0) - less)
}

/**
 * How many conversations each list holds, exact up to `limits.countMax`; one more means "more". Each list is counted in a
 * look of its own, none of them older than `position`, so that nobody else waits for all of them.
 */
export async function listCounts(
  { read }: Pick<Storage, 'read'>,
  caller: Caller,
  inbox: InboxId | undefined,
  position: (tx: ReadTx) => Promise<number>,
): Promise<Result<{ counts: Record<List, number>; position: number }, Refusal>> {
  const asked = await read((tx) => countingFor(tx, caller, inbox, position))
  if (!asked.ok) return asked
  const { of, mine, held } = asked.value
  const count = (list: InboxList, scope = of): Promise<number> =>
    read((tx) => countIn(tx, caller.id, list, scope))
  const free = await count('free')
  const duty = mine === of ? free : await count('free', mine)
  const counts = {
    myTurn: Math.min(held + duty, limits.countMax + 1),
    free,
    ours: await count('ours'),
    paused: await count('paused'),
    resolved: await count('resolved'),
    all: await count('all'),
  }
  return ok({ counts, position: asked.value.position })
}
