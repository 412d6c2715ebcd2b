import type { LedgerEntry, LedgerFound } from '../ledger.ts'
import { newGroup, type Group, type Member } from './group.ts'

// What is written down of a group: its generation and who reads what. So those who were reading when the
// server stopped go on where they were, and nobody has to join again.

interface MemberRecord {
  readonly id: string
  readonly instance: string | null
  readonly clientId: string
  readonly clientHost: string
  readonly sessionMs: number
  readonly rebalanceMs: number
  readonly protocols: readonly (readonly [name: string, metadata: string])[]
  readonly assignment: string
}

interface GroupRecord {
  readonly protocolType: string
  readonly protocol: string
  readonly generation: number
  readonly leader: string
  readonly atMs: number
  readonly members: readonly MemberRecord[]
}

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')
const bytes = (given: string): Uint8Array => Buffer.from(given, 'base64')

/** The record of a group. */
export function groupEntry(
  workspace: string,
  id: string,
  group: Group | undefined,
  atMs: number,
): LedgerEntry {
  const key = ['group', workspace, id]
  if (group === undefined) return { key, value: undefined }
  const { protocolType, protocol, generation, leader } = group
  const members = Array.from(group.members.values(), recordOf)
  const value: GroupRecord = { protocolType, protocol, generation, leader, atMs, members }
  return { key, value }
}

function recordOf(member: Member): MemberRecord {
  const { id, instance, clientId, clientHost, sessionMs, rebalanceMs } = member
  return {
    id,
    instance,
    clientId,
    clientHost,
    sessionMs,
    rebalanceMs,
    protocols: member.protocols.map(({ name, metadata }) => [name, text(metadata)] as const),
    assignment: text(member.assignment),
  }
}

/** The group that a record tells of, whose members have a session's time to be heard of, and since when it is so. */
export function groupOf(
  { value }: LedgerFound,
  nowMs: number,
): { readonly group: Group; readonly atMs: number } {
  const record = value as GroupRecord
  const group = newGroup()
  const { protocolType, protocol, generation, leader, atMs } = record
  const state = record.members.length > 0 ? 'Stable' : 'Empty'
  Object.assign(group, { state, protocolType, protocol, generation, leader })
  for (const one of record.members) {
    group.members.set(one.id, {
      ...one,
      protocols: one.protocols.map(([name, metadata]) => ({ name, metadata: bytes(metadata) })),
      assignment: bytes(one.assignment),
      join: undefined,
      sync: undefined,
      owesSync: false,
      untilMs: nowMs + one.sessionMs,
    })
    if (one.instance !== null) group.instances.set(one.instance, one.id)
  }
  return { group, atMs }
}
