import {
  Inbox,
  KeyRound,
  MonitorSmartphone,
  UserRound,
  Users,
  UsersRound,
  type LucideIcon,
} from 'lucide-react'

/** A page of the settings. */
export interface SettingsPage {
  readonly title: SettingsTitle
  readonly icon: LucideIcon
  /** Only owners have it. */
  readonly owners: boolean
}

type SettingsTitle =
  | 'accounts.profile.title'
  | 'accounts.sessions.title'
  | 'places.title'
  | 'places.teams.title'
  | 'accounts.members.title'
  | 'accounts.apps.title'

/** The pages of the settings, in order, by the last part of their address. */
export const settingsPages = {
  profile: { title: 'accounts.profile.title', icon: UserRound, owners: false },
  sessions: { title: 'accounts.sessions.title', icon: MonitorSmartphone, owners: false },
  inboxes: { title: 'places.title', icon: Inbox, owners: true },
  teams: { title: 'places.teams.title', icon: UsersRound, owners: true },
  members: { title: 'accounts.members.title', icon: Users, owners: true },
  apps: { title: 'accounts.apps.title', icon: KeyRound, owners: true },
} as const satisfies Record<string, SettingsPage>

/** The name of a page of the settings. */
export type SettingsName = keyof typeof settingsPages

/** The names, in order. */
export const settingsNames = Object.keys(settingsPages) as SettingsName[]
