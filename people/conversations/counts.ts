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

/** What is to be counted: all inboxes that were asked for, and those of them that the caller serves. */
interface Counting {
  readonly inboxes: ReadonlySet<string>
  readonly of: string
  readonly mine: string
  /** Whether the caller has put away too much to look through. */
  readonly isMuchAway: boolean
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
  const few = limits.putAwayCountedMax
  const put = await tx.get(putAwayCount, { reader: caller.id, limit: few + 1 })
  const duties = await served(tx, caller, inboxes.value)
  const of = idList(inboxes.value.map(({ id }) => id))
  const isAll = duties.length === inboxes.value.length
  const mine = isAll ? of : idList(duties.map(({ id }) => id))
  return ok({
    inboxes: new Set(inboxes.value.map(({ id }) => hexOf(id))),
    of,
    mine,
    isMuchAway: (put?.n ?? 0) > few,
    position: await position(tx),
  })
}

/** How much a reader holds in some inboxes. */
async function heldIn(tx: ReadTx, reader: string, inboxes: ReadonlySet<string>): Promise<number> {
  let held = 0
  for (const { inbox, n } of await tx.all(heldCounts, { reader })) {
    if (inboxes.has(hexOf(inbox))) held += n
  }
  return held
}

/**
 * How many rows a list has for its reader, up to a limit. Nearly everybody has put away little, so that all is counted, without
 * a look at what the reader has of each, and what they have put away is taken off.
 */
async function countIn(
  tx: ReadTx,
  reader: string,
  list: InboxList,
  inboxes: string,
  isMuchAway: boolean,
): Promise<number> {
  const limit = limits.countMax + 1
  if (isMuchAway) {
    return (await tx.get(seenCounts[list], { inboxes, reader, limit }))?.n ?? 0
  }
  // In the same look: what is taken off must be among what is counted.
  const isWhole = list === 'resolved' || list === 'all'
  const less = isWhole ? 0 : ((await tx.get(putAwayCounts, { reader, inboxes }))?.[list] ?? 0)
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
  const { of, mine, inboxes, isMuchAway } = asked.value
  const reader = caller.id
  const count = (list: InboxList): Promise<number> =>
    read((tx) => countIn(tx, reader, list, of, isMuchAway))
  // What is taken meanwhile is no longer free, and held.
  const toDo = await read(async (tx) => {
    const free = await countIn(tx, reader, 'free', of, isMuchAway)
    const duty = mine === of ? free : await countIn(tx, reader, 'free', mine, isMuchAway)
    const held = await heldIn(tx, reader, inboxes)
    return { free, myTurn: Math.min(held + duty, limits.countMax + 1) }
  })
  const counts = {
    ...toDo,
    ours: await count('ours'),
    paused: await count('paused'),
    resolved: await count('resolved'),
    all: await count('all'),
  }
  return ok({ counts, position: asked.value.position })
}
