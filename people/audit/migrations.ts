import type { ColumnTypes, Migration } from '@fermata/storage/port'

/** The audit log, which can only grow. */
export const auditMigrations: readonly Migration[] = [
  { id: '0005-audit', statements: (column) => [...entries(column), ...onlyGrows(column)] },
]

function entries({ id, int, text }: ColumnTypes): readonly string[] {
  const index = (column: string): string =>
    `create index audit_entries_by_${column} on audit_entries (workspace, ${column}, id)`
  return [
    `create table audit_entries (
      workspace ${id} not null,
      id ${id} not null,
      at ${int} not null,
      actor ${text},
      actor_name ${text} not null,
      address ${text} not null,
      agent ${text} not null,
      action ${text} not null,
      target ${text},
      target_name ${text} not null,
      changes ${text} not null,
      primary key (workspace, id)
    )`,
    ...['actor', 'action', 'target'].map(index),
  ]
}

/** Refuses every update and delete, so that no fault of ours and no hand can rewrite what was done. */
function onlyGrows({ dialect }: ColumnTypes): readonly string[] {
  const why = 'the audit log is only added to'
  if (dialect === 'sqlite') {
    return ['update', 'delete'].map(
      (verb) => `create trigger audit_entries_no_${verb} before ${verb} on audit_entries
        begin select raise(abort, '${why}'); end`,
    )
  }
  return [
    `create function audit_entries_stay() returns trigger language plpgsql
      as $$ begin raise exception '${why}'; end $$`,
    `create trigger audit_entries_stay before update or delete or truncate on audit_entries
      for each statement execute function audit_entries_stay()`,
  ]
}
