/** What somebody may do with topics, and with the groups and transactions that go with them. */
export type Right =
  /** Reads records, as a group or alone. */
  | 'read'
  /** Writes records, in transactions or without. */
  | 'write'
  /** Makes, changes and removes topics, and removes groups. */
  | 'manage'

/** What somebody may do, and with what. */
export interface Rights {
  readonly held: readonly Right[]
  /** How the names of topics, groups and transactional ids begin that are meant; empty for all. */
  readonly prefix: string
}

/** Everything, with everything. */
export const allRights: Rights = { held: ['read', 'write', 'manage'], prefix: '' }

/** Whether somebody may do this with what has the name. `any`: whoever may do anything with it, may see it. */
export function allows({ held, prefix }: Rights, name: string, right: Right | 'any'): boolean {
  if (!name.startsWith(prefix)) return false
  return right === 'any' ? held.length > 0 : held.includes(right)
}
