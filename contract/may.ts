import type { AppActor, ContactActor, MemberActor } from './actors.ts'
import type { Permission } from './permissions.ts'

/** Somebody, as far as it decides what they are allowed. */
export type Allowed =
  | Pick<MemberActor, 'kind' | 'permissions'>
  | Pick<AppActor, 'kind' | 'scopes'>
  | Pick<ContactActor, 'kind'>

/** What somebody is allowed: by their role, or by the scopes of their token. A contact holds nothing. */
export function heldBy(caller: Allowed): readonly Permission[] {
  switch (caller.kind) {
    case 'member':
      return caller.permissions
    case 'app':
      return caller.scopes
    case 'contact':
      return []
  }
}

/**
 * Whether somebody is allowed something: the one question that the route table and the rooms' access
 * functions ask. What is a contact's own is theirs by taking part, not by a permission.
 */
export function may(caller: Allowed, permission: Permission): boolean {
  return heldBy(caller).includes(permission)
}

/**
 * Whether somebody may give, take or act upon what holds these permissions: only who holds them all, so
 * that nobody gets further through somebody else than they do by themselves.
 */
export function mayGrant(caller: Allowed, granted: readonly Permission[]): boolean {
  const held = heldBy(caller)
  return granted.every((permission) => held.includes(permission))
}
