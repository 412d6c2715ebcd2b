/** What an app's token may do. */
export const scopes = [
  'conversations:read',
  'conversations:write',
  'contacts:read',
  'contacts:write',
  'inboxes:read',
  'feed:read',
  'audit:read',
] as const
export type Scope = (typeof scopes)[number]

/** Everything that a role may allow, by name. An app sees every inbox, so it needs no more than its scopes. */
export const permissions = [
  ...scopes,
  /** Sees the inboxes that belong to no team, beside those of one's own teams. */
  'inboxes:open',
  /** Sees every inbox, whichever team it belongs to. */
  'inboxes:all',
  /** Deletes what others said. */
  'messages:moderate',
  /** Hands on, or takes back, what others hold. */
  'leases:move',
  'inboxes:manage',
  'teams:manage',
  'members:manage',
  'roles:manage',
  'apps:manage',
  /** Makes owners and changes them. */
  'owners:manage',
  /** Makes further workspaces, in the one that this server was set up with. */
  'workspaces:add',
] as const
export type Permission = (typeof permissions)[number]

/** The roles that every workspace has; it may make others of its own. */
export const roles = ['owner', 'admin', 'agent', 'staff', 'guest'] as const
export type Role = (typeof roles)[number]

const ownersOnly: readonly Permission[] = ['owners:manage', 'workspaces:add']

/** What each of those roles allows. */
export const rolePermissions: Readonly<Record<Role, readonly Permission[]>> = {
  owner: permissions,
  admin: permissions.filter((one) => !ownersOnly.includes(one)),
  /** Answers customers. */
  agent: [
    'conversations:read',
    'conversations:write',
    'contacts:read',
    'contacts:write',
    'inboxes:read',
    'feed:read',
    'inboxes:open',
  ],
  /** Works here and does not answer customers: reads along in the inboxes of their teams. */
  staff: ['conversations:read', 'contacts:read', 'inboxes:read', 'feed:read'],
  /** Comes from outside: sees what they were put into a team for, and who is in that team. */
  guest: ['conversations:read', 'conversations:write', 'feed:read'],
}

/** Whether a role is one that every workspace has. */
export function isRole(role: string): role is Role {
  return (roles as readonly string[]).includes(role)
}
