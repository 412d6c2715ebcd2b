import type { ColumnTypes } from '@fermata/storage/port'

/** Where contacts are reached, and contacts who are one person. */
export function addresses({ id, int, text }: ColumnTypes): string[] {
  return [
    `create table contact_addresses (
      workspace ${id} not null,
      id ${id} not null,
      contact ${id} not null,
      kind ${text} not null,
      value ${text} not null,
      value_key ${text} not null,
      verified_at ${int},
      preferred_at ${int} not null,
      added_at ${int} not null,
      primary key (workspace, id)
    )`,
    `create unique index contact_addresses_by_key
      on contact_addresses (workspace, kind, value_key)`,
    'create index contact_addresses_of_contact on contact_addresses (workspace, contact)',
    // Each address goes to whoever had it first; what others claim stays with them as what they said.
    `insert into contact_addresses
      select workspace, id, id, 'email', email, email_key, null, created_at, created_at
      from contacts where email_key is not null and merged_into is null and not exists (
        select 1 from contacts as first where first.workspace = contacts.workspace
          and first.email_key = contacts.email_key and first.merged_into is null
          and first.id < contacts.id)`,
    `create table contact_unions (
      workspace ${id} not null,
      id ${id} not null,
      contact ${id} not null,
      into_contact ${id} not null,
      by_id ${text} not null,
      at ${int} not null,
      undone_by ${text},
      undone_at ${int},
      primary key (workspace, id)
    )`,
    `create index contact_unions_of_contact on contact_unions (workspace, contact)
      where undone_at is null`,
    `alter table contacts add column joined_to ${id}`,
    `alter table contacts add column person ${id}`,
    'create index contacts_of_person on contacts (workspace, person) where person is not null',
  ]
}
