import type { Migration } from '@fermata/storage/port'
import { addresses } from './migrations.addresses.ts'

/** Contacts, and the visits by whose tokens they write. */
export const contactsMigrations: readonly Migration[] = [
  {
    id: '0040-contacts',
    statements: ({ id, int, text, bytes }) => [
      `create table contacts (
        workspace ${id} not null,
        id ${id} not null,
        name ${text},
        email ${text},
        email_key ${text},
        external_id ${text},
        identified_at ${int},
        time_zone ${text},
        locale ${text},
        created_at ${int} not null,
        merged_into ${id},
        merged_at ${int},
        primary key (workspace, id)
      )`,
      `create unique index contacts_by_external_id on contacts (workspace, external_id)
        where external_id is not null`,
      `create index contacts_by_email on contacts (workspace, email_key, id)
        where email_key is not null`,
      `create table visits (
        workspace ${id} not null,
        id ${id} not null,
        contact ${id} not null,
        inbox ${id} not null,
        token_sha256 ${bytes} not null,
        created_at ${int} not null,
        primary key (workspace, id)
      )`,
      'create unique index visits_by_token on visits (token_sha256)',
      'create index visits_of_contact on visits (workspace, contact)',
    ],
  },
  { id: '0042-addresses', statements: addresses },
]
