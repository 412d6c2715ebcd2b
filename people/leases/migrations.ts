import type { Migration } from '@fermata/storage/port'

/** Leases, and everybody's time with them. */
export const leasesMigrations: readonly Migration[] = [
  {
    id: '0055-leases',
    statements: ({ id, int, text }) => [
      `create table leases (
        subject ${id} not null primary key,
        workspace ${id} not null,
        token ${int} not null,
        holder ${text},
        holder_name ${text} not null,
        since ${int} not null,
        until ${int} not null,
        span_ms ${int} not null,
        note ${text} not null,
        note_by ${text},
        note_by_name ${text} not null,
        client ${id}
      )`,
      'create index leases_of_holder on leases (holder) where holder is not null',
      `create unique index leases_by_client on leases (holder, client)
        where holder is not null and client is not null`,
      `create table lease_holdings (
        subject ${id} not null,
        token ${int} not null,
        workspace ${id} not null,
        holder ${text} not null,
        holder_name ${text} not null,
        began_at ${int} not null,
        began_why ${text} not null,
        began_by ${text} not null,
        note ${text} not null,
        ended_at ${int},
        ended_why ${text},
        ended_by ${text},
        reason ${text} not null,
        primary key (subject, token)
      )`,
      `create index lease_holdings_passed on lease_holdings (subject, holder)
        where ended_why = 'passed'`,
    ],
  },
]
