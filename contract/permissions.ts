/** What an app's token may do. */
export const scopes = [
  'conversations:read',
  'conversations:write',
  'contacts:read',
  'contacts:write',
  'inboxes:read',
  'feed:read',
  'audit:read',
  /** Reads records of topics, alone or as a group. */
  'topics:read',
  'topics:write',
  /** Makes, changes and removes topics. */
  'topics:manage',
] as const
export type Scope = (typeof scopes)[number]

/** Everything that a role may allow, by name. An app sees every inbox, so it needs no more than its scopes. */
export const permissions = [
  ...scopes,
  /** Sees the inboxes that belong to no team, beside those of one's own teams. */
  'inboxes:open',
  /** Sees every inbox, whichever team it belongs to. */
  'inboxes:all',
  /** Talks with colleagues: directly, and in the channels of which one is a member. */
  'channels:talk',
  /** Sees the public channels, joins them, and lets others into channels. */
  'channels:open',
  'channels:add',
  /** Changes channels that others made, and takes members out of them. */
  'channels:manage',
  /** Says that two contacts are one person, and takes it back. */
  'contacts:merge',
  /** Deletes what others said. */
  'messages:moderate',
  /** Hands on, or takes back, what others hold. */
  'leases:move',
  'inboxes:manage',
  'labels:manage',
  /** Writes the replies that everybody has. */
  'replies:manage',
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

/** What everybody who works here may do among colleagues. */
const onTheFloor: readonly Permission[] = ['channels:talk', 'channels:open', 'channels:add']

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
    'contacts:merge',
    'inboxes:read',
    'feed:read',
    'inboxes:open',
    ...onTheFloor,
  ],
  /** Works here and does not answer customers: reads along in the inboxes of their teams. */
  staff: ['conversations:read', 'contacts:read', 'inboxes:read', 'feed:read', ...onTheFloor],
  /** Comes from outside: sees what they were put into a team or a channel for, and who is in it with them. */
  guest: ['conversations:read', 'conversations:write', 'feed:read', 'channels:talk'],
}

/** Whether a role is one that every workspace has. */
export function isRole(role: string): role is Role {
  return (roles as readonly string[]).includes(role)
}
