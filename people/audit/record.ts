import { bytesOf, type Ids, type WorkspaceId } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import type { Caller, MemberActor } from '@fermata/contract/actors'
import type { AuditAction } from '@fermata/contract/audit'
import type { AuditEntry } from '@fermata/contract/audit.schema'
import type { WriteTx } from '@fermata/storage/port'
import { insertEntry } from './store.sql.ts'

/** Somebody who acts, and where from. */
export interface By<C extends Caller | null = MemberActor> {
  readonly caller: C
  /** The network address. */
  readonly address: string
  /** What their client calls itself. */
  readonly agent: string
}

/** Whoever stands behind a request. */
export function byOf<C extends Caller | null>(asked: {
  readonly caller: C
  readonly connection: { readonly address: string; readonly agent: string }
}): By<C> {
  const { caller, connection } = asked
  return { caller, address: connection.address, agent: connection.agent }
}

/** Somebody for whom the server itself acts, from nowhere. */
export function fromWithin(caller: MemberActor): By {
  return { caller, address: '', agent: '' }
}

/** What was done. */
export interface Done {
  readonly workspace: WorkspaceId
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly action: AuditAction
  /** What or whom it was done to, if that has an id. */
  readonly target?: string
  readonly targetName: string
  readonly changes?: AuditEntry['changes']
}

/** Writes an entry in the transaction of what it tells. */
export async function record(
  tx: WriteTx,
  ids: Ids,
  by: By<Caller | null>,
  done: Done,
): Promise<void> {
  await tx.run(insertEntry, {
    workspace: bytesOf(done.workspace),
    id: bytesOf(ids.next('aud')),
    at: done.at,
    actor: by.caller?.id ?? null,
    actor_name: by.caller?.name ?? '',
    address: by.address.slice(0, limits.agentCharsMax),
    agent: by.agent.slice(0, limits.agentCharsMax),
    action: done.action,
    target: done.target ?? null,
    target_name: done.targetName,
    changes: JSON.stringify(done.changes ?? []),
  })
}

/** The fields that differ between two records, with their values in words; those of a record within are `outer.inner`. */
export function changesBetween(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): AuditEntry['changes'] {
  const [was, is] = [flat(before), flat(after)]
  return [...new Set([...was.keys(), ...is.keys()])]
    .map((field) => ({ field, from: inWords(was.get(field)), to: inWords(is.get(field)) }))
    .filter(({ from, to }) => from !== to)
}

/** The fields of a record, those of the records within it among them. */
function flat(values: Readonly<Record<string, unknown>>): ReadonlyMap<string, unknown> {
  const pairs = Object.entries(values).flatMap(([name, value]): [string, unknown][] =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? Object.entries(value).map(([inner, one]) => [`${name}.${inner}`, one])
      : [[name, value]],
  )
  return new Map(pairs)
}

function inWords(value: unknown): string {
  if (value === null || value === undefined) return ''
  const words =
    typeof value === 'string'
      ? value
      : Array.isArray(value) && value.every((one) => typeof one === 'string')
        ? value.join(', ')
        : JSON.stringify(value)
  return words.slice(0, limits.agentCharsMax)
}
