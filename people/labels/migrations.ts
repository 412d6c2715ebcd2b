import type { Migration } from '@fermata/storage/port'

/** What was a word on a conversation becomes a thing of the workspace, and conversations hold its id. */
function fromWords(dialect: 'sqlite' | 'postgres'): string[] {
  const [words, id, ids] =
    dialect === 'sqlite'
      ? [
          'json_each(c.labels) as word',
          "'lbl_0' || substr(lower(hex(randomblob(13))), 1, 25)",
          'json_group_array(l.id)',
        ]
      : [
          'lateral json_array_elements_text(c.labels::json) as word(value)',
          "'lbl_0' || substr(md5(random()::text || min(word.value)), 1, 25)",
          'json_agg(l.id)::text',
        ]
  return [
    `insert into labels
       (workspace, id, name, name_key, colour, created_at, created_by, removed_at)
     select c.workspace, ${id}, min(word.value), lower(word.value), 'grey', 0, '', null
     from conversations as c, ${words}
     where c.labels <> '[]'
     group by c.workspace, lower(word.value)`,
    `update conversations as c set labels = coalesce((
       select ${ids} from ${words.replace('lateral ', '')}
       join labels as l on l.workspace = c.workspace and l.name_key = lower(word.value)
     ), '[]') where c.labels <> '[]'`,
  ]
}

/** Labels. */
export const labelsMigrations: readonly Migration[] = [
  {
    id: '0070-labels',
    statements: ({ dialect, id, int, text }) => [
      `create table labels (
        workspace ${id} not null,
        id ${text} not null,
        name ${text} not null,
        name_key ${text} not null,
        colour ${text} not null,
        created_at ${int} not null,
        created_by ${text} not null,
        removed_at ${int},
        primary key (workspace, id)
      )`,
      ...fromWords(dialect),
      `create unique index labels_by_name on labels (workspace, name_key)
        where removed_at is null`,
    ],
  },
]
