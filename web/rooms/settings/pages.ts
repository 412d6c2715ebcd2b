import {
  Building2,
  Coffee,
  Inbox,
  MessageSquareQuote,
  Tag,
  Waypoints,
  KeyRound,
  MonitorSmartphone,
  ScrollText,
  ShieldCheck,
  UserRound,
  Users,
  UsersRound,
  type LucideIcon,
} from 'lucide-react'
import type { Permission } from '@fermata/contract/permissions'

/** A page of the settings. */
export interface SettingsPage {
  readonly title: SettingsTitle
  readonly icon: LucideIcon
  /** What a role must allow for it to be shown; null for everybody's own. */
  readonly permission: Permission | null
}

type SettingsTitle =
  | 'accounts.profile.title'
  | 'accounts.sessions.title'
  | 'places.title'
  | 'places.teams.title'
  | 'replies.smallTalk.title'
  | 'replies.canned.title'
  | 'replies.labels.title'
  | 'accounts.members.title'
  | 'accounts.apps.title'
  | 'topics.title'
  | 'access.roles.title'
  | 'access.workspaces.title'
  | 'access.audit.title'

/** The pages of the settings, in order, by the last part of their address. */
export const settingsPages = {
  profile: { title: 'accounts.profile.title', icon: UserRound, permission: null },
  sessions: { title: 'accounts.sessions.title', icon: MonitorSmartphone, permission: null },
  inboxes: { title: 'places.title', icon: Inbox, permission: 'inboxes:manage' },
  teams: { title: 'places.teams.title', icon: UsersRound, permission: 'teams:manage' },
  replies: {
    title: 'replies.canned.title',
    icon: MessageSquareQuote,
    permission: 'conversations:write',
  },
  labels: { title: 'replies.labels.title', icon: Tag, permission: 'labels:manage' },
  'small-talk': {
    title: 'replies.smallTalk.title',
    icon: Coffee,
    permission: 'inboxes:manage',
  },
  members: { title: 'accounts.members.title', icon: Users, permission: 'members:manage' },
  roles: { title: 'access.roles.title', icon: ShieldCheck, permission: 'roles:manage' },
  apps: { title: 'accounts.apps.title', icon: KeyRound, permission: 'apps:manage' },
  topics: { title: 'topics.title', icon: Waypoints, permission: 'topics:read' },
  audit: { title: 'access.audit.title', icon: ScrollText, permission: 'audit:read' },
  workspaces: {
    title: 'access.workspaces.title',
    icon: Building2,
    permission: 'workspaces:add',
  },
} as const satisfies Record<string, SettingsPage>

/** The name of a page of the settings. */
export type SettingsName = keyof typeof settingsPages

/** The names, in order. */
export const settingsNames = Object.keys(settingsPages) as SettingsName[]
