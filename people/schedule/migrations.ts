import type { Migration } from '@fermata/storage/port'

/** The timetable. */
export const scheduleMigrations: readonly Migration[] = [
  {
    id: '0020-schedule',
    statements: ({ id, int, text }) => [
      `create table timers (
        kind ${text} not null,
        subject ${id} not null,
        slot ${text} not null,
        workspace ${id} not null,
        at ${int} not null,
        primary key (kind, subject, slot)
      )`,
      'create index timers_by_time on timers (at)',
    ],
  },
]
