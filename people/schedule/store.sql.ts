import { queriesOver } from '@fermata/storage/query'

/** A timer as it is stored. */
export interface TimerRow {
  kind: string
  subject: Uint8Array
  slot: string
  workspace: Uint8Array
  at: number
}

const query = queriesOver<{ timers: TimerRow }>()

export const putTimer = query<TimerRow>()((db, p) =>
  db
    .insertInto('timers')
    .values({ kind: p.kind, subject: p.subject, slot: p.slot, workspace: p.workspace, at: p.at })
    .onConflict((conflict) =>
      conflict.columns(['kind', 'subject', 'slot']).doUpdateSet({ at: p.at }),
    ),
)

export const dropTimer = query<Pick<TimerRow, 'kind' | 'subject' | 'slot'>>()((db, p) =>
  db
    .deleteFrom('timers')
    .where('kind', '=', p.kind)
    .where('subject', '=', p.subject)
    .where('slot', '=', p.slot),
)

/** Removes a timer only if it is still due: moved or run by somebody else, it is left alone. */
export const takeTimer = query<TimerRow>()((db, p) =>
  db
    .deleteFrom('timers')
    .where('kind', '=', p.kind)
    .where('subject', '=', p.subject)
    .where('slot', '=', p.slot)
    .where('at', '=', p.at),
)

export const dueTimers = query<{ now: number; limit: number }>()((db, p) =>
  db
    .selectFrom('timers')
    .selectAll()
    .where('at', '<=', p.now)
    .orderBy('at')
    .orderBy('kind')
    .orderBy('subject')
    .limit(p.limit),
)

export const nextTimer = query()((db) =>
  db.selectFrom('timers').select('at').orderBy('at').limit(1),
)
