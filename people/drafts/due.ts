import { idText } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import type { Refusal } from '@fermata/contract/errors'
import { may } from '@fermata/contract/may'
import type { WriteTx } from '@fermata/storage/port'
import { standingOf, type Standing } from '../accounts/index.ts'
import { accessConversation, hasAnswered } from '../conversations/index.ts'
import type { DueTimer } from '../schedule/index.ts'
import { nextVersion } from './draft.actions.ts'
import { markSent, saveScheduled, sendIn, stopped } from './save.ts'
import type { ScheduleDeps } from './schedule.actions.ts'
import { decide, type Situation } from './scheduled.ts'
import { deleteScheduled, scheduledByWall, scheduledForChange, scheduledOver } from './store.sql.ts'
import type { ScheduledTable } from './tables.ts'
import { wallOf } from './views.ts'
import { momentOf } from './wall.ts'

/** What happens by itself to what is said later. */
export interface DueActions {
  /** Sends it, or leaves it with its sender; the handler of timers of kind `send`. */
  run(tx: WriteTx, timer: DueTimer): Promise<void>
  /** Derives all moments anew from what walls are to show: a zone's rules may be others by now. Answers how many moved. */
  rederive(): Promise<number>
  /** Forgets what has been over for long; answers how many. */
  forget(): Promise<number>
}

/** The moment by the rules of today; where a zone is no more, the one that was found with it. */
function momentNow(row: ScheduledTable): number {
  const wall = wallOf(row)
  return wall === null ? row.at : (momentOf(wall) ?? row.at)
}

/** What has come of its conversation since. Whoever may not write there does not learn more. */
async function situationOf(
  tx: WriteTx,
  row: ScheduledTable,
  sender: Standing | undefined,
): Promise<Situation> {
  const conversation = idText('cnv', row.conversation)
  const base = {
    time: { at: momentNow(row) },
    isReply: row.kind === 'reply',
    unlessAnswered: row.unless_answered === 1,
  }
  const nothing = { ...base, isAnswered: false, isResolved: false, maySend: false }
  if (sender === undefined || !may(sender, 'conversations:write')) return nothing
  // Locked until the commit: whatever the other side says comes before this look, or after the message.
  const accessed = await accessConversation(tx, sender, conversation, 'toChange')
  if (!accessed.ok) return nothing
  // Where it became part of another conversation, that one answers.
  const { id, state } = accessed.value.record
  const { status } = state
  return {
    ...base,
    isAnswered: await hasAnswered(tx, id, row),
    isResolved: status === 'resolved' && row.was_resolved === 0,
    maySend: true,
  }
}

/** Why a refusal stops it. */
function stopOf({ code, holder }: Refusal): Pick<Parameters<typeof stopped>[1], 'why' | 'holder'> {
  if (holder !== undefined) return { why: 'held', holder: holder.name }
  return { why: code === 'not_found' || code === 'not_allowed' ? 'sender' : 'refused' }
}

/** What happens by itself. */
export function dueActions(deps: ScheduleDeps): DueActions {
  const { storage, clock, talk, wake } = deps

  async function move(tx: WriteTx, row: ScheduledTable, at: number): Promise<void> {
    const now = clock.now()
    const moved = { ...row, at, version: nextVersion(row, now) }
    await saveScheduled(tx, row, moved, { at: now, by: null })
  }

  async function run(tx: WriteTx, timer: DueTimer): Promise<void> {
    const row = await tx.get(scheduledForChange, { id: timer.subject })
    if (row?.state !== 'waiting' || row.at !== timer.at) return
    const workspace = idText('wsp', row.workspace)
    const sender = await standingOf(tx, workspace, row.sender as Standing['id'])
    const at = clock.now()
    const verdict = decide(await situationOf(tx, row, sender), at)
    if (verdict.do === 'wait') return move(tx, row, verdict.until)
    const deed = { at, by: null }
    if (verdict.do === 'stop' || sender === undefined) {
      const why = verdict.do === 'stop' ? verdict.why : 'sender'
      return saveScheduled(tx, row, stopped(row, { why, at }), deed)
    }
    const said = await sendIn(tx, talk, row, { speaker: sender, isUnseen: true })
    if (said.ok) return markSent(tx, row, said.value.message.id, deed)
    return saveScheduled(tx, row, stopped(row, { ...stopOf(said.refusal), at }), deed)
  }

  return {
    run,
    async rederive() {
      let moved = 0
      let after: Uint8Array = new Uint8Array(16)
      const limit = limits.scheduledPerStep
      for (;;) {
        const page = { after, limit }
        const rows = await storage.read((tx) => tx.all(scheduledByWall, page))
        for (const { id } of rows.filter((row) => momentNow(row) !== row.at)) {
          const at = await storage.write(async (tx) => {
            const row = await tx.get(scheduledForChange, { id })
            if (row?.state !== 'waiting' || momentNow(row) === row.at) return null
            await move(tx, row, momentNow(row))
            return momentNow(row)
          })
          if (at === null) continue
          moved += 1
          wake(at)
        }
        const last = rows.at(-1)
        if (last === undefined || rows.length < limit) return moved
        after = last.id
      }
    },
    async forget() {
      const before = clock.now() - limits.scheduledKnownMs
      const limit = limits.scheduledPerStep
      let gone = 0
      for (;;) {
        const over = await storage.read((tx) => tx.all(scheduledOver, { before, limit }))
        for (const { id } of over)
          gone += await storage.write((tx) => tx.run(deleteScheduled, { id }))
        if (over.length < limit) return gone
      }
    },
  }
}
