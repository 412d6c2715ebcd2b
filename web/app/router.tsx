import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router'
import { lists } from '@fermata/contract/words'
import type { ChannelId, ConversationId, InboxId } from '@fermata/base/ids'
import { ChannelPage, ChannelTalk, NoTalkOpen } from '../rooms/channels/channel.tsx'
import { DirectPage } from '../rooms/channels/direct.tsx'
import { Inbox } from '../rooms/conversations/inbox.tsx'
import { NoneOpen } from '../rooms/conversations/none-open.tsx'
import { ConversationPage } from '../rooms/conversations/page.tsx'
import { Broken } from './broken.tsx'
import { NotFound } from './not-found.tsx'
import { Shell } from './shell.tsx'

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound })

const toInbox = (): never => {
  throw redirect({ to: '/inbox/$list', params: { list: 'myTurn' } })
}

const home = createRoute({ getParentRoute: () => root, path: '/', beforeLoad: toInbox })
/** Where the set-up link led; whoever comes back to it is set up already. */
const setup = createRoute({ getParentRoute: () => root, path: '/setup', beforeLoad: toInbox })

const inbox = createRoute({
  getParentRoute: () => root,
  path: '/inbox/$list',
  params: {
    parse: ({ list }) => ({ list: lists.find((known) => known === list) ?? 'ours' }),
    stringify: ({ list }) => ({ list }),
  },
  validateSearch: (search: Record<string, unknown>): { inbox?: InboxId } => {
    const { inbox } = search
    return typeof inbox === 'string' && inbox.startsWith('ibx_') ? { inbox: inbox as InboxId } : {}
  },
  component: Inbox,
})
const noneOpen = createRoute({ getParentRoute: () => inbox, path: '/', component: NoneOpen })
const conversation = createRoute({
  getParentRoute: () => inbox,
  path: '$conversation',
  params: {
    parse: ({ conversation }) => ({ conversation: conversation as ConversationId }),
    stringify: ({ conversation }) => ({ conversation }),
  },
  component: ConversationPage,
})

const channels = createRoute({
  getParentRoute: () => root,
  path: '/channels',
  component: lazyRouteComponent(() => import('../rooms/channels/browse.tsx'), 'Channels'),
})
const channel = createRoute({
  getParentRoute: () => root,
  path: '/channels/$channel',
  params: {
    parse: ({ channel }) => ({ channel: channel as ChannelId }),
    stringify: ({ channel }) => ({ channel }),
  },
  component: ChannelPage,
})
const noTalkOpen = createRoute({ getParentRoute: () => channel, path: '/', component: NoTalkOpen })
const talk = createRoute({
  getParentRoute: () => channel,
  path: '$conversation',
  params: {
    parse: ({ conversation }) => ({ conversation: conversation as ConversationId }),
    stringify: ({ conversation }) => ({ conversation }),
  },
  component: ChannelTalk,
})
const direct = createRoute({
  getParentRoute: () => root,
  path: '/directs/$conversation',
  params: {
    parse: ({ conversation }) => ({ conversation: conversation as ConversationId }),
    stringify: ({ conversation }) => ({ conversation }),
  },
  component: DirectPage,
})

const drafts = createRoute({
  getParentRoute: () => root,
  path: '/drafts',
  component: lazyRouteComponent(() => import('../rooms/drafts/page.tsx'), 'Drafts'),
})
const settings = createRoute({
  getParentRoute: () => root,
  path: '/settings',
  component: lazyRouteComponent(() => import('../rooms/settings/settings.tsx'), 'Settings'),
})
const settingsHome = createRoute({
  getParentRoute: () => settings,
  path: '/',
  component: lazyRouteComponent(() => import('../rooms/settings/settings.tsx'), 'SettingsHome'),
})
const profile = createRoute({
  getParentRoute: () => settings,
  path: 'profile',
  component: lazyRouteComponent(() => import('../rooms/accounts/profile.tsx'), 'Profile'),
})
const sessions = createRoute({
  getParentRoute: () => settings,
  path: 'sessions',
  component: lazyRouteComponent(() => import('../rooms/accounts/sessions.tsx'), 'Sessions'),
})
const members = createRoute({
  getParentRoute: () => settings,
  path: 'members',
  component: lazyRouteComponent(() => import('../rooms/accounts/members.tsx'), 'Members'),
})
const apps = createRoute({
  getParentRoute: () => settings,
  path: 'apps',
  component: lazyRouteComponent(() => import('../rooms/accounts/apps.tsx'), 'Apps'),
})
const roles = createRoute({
  getParentRoute: () => settings,
  path: 'roles',
  component: lazyRouteComponent(() => import('../rooms/access/roles.tsx'), 'Roles'),
})
const audit = createRoute({
  getParentRoute: () => settings,
  path: 'audit',
  component: lazyRouteComponent(() => import('../rooms/access/audit.tsx'), 'Audit'),
})
const topics = createRoute({
  getParentRoute: () => settings,
  path: 'topics',
  component: lazyRouteComponent(() => import('../rooms/topics/topics.tsx'), 'Topics'),
})
const workspaces = createRoute({
  getParentRoute: () => settings,
  path: 'workspaces',
  component: lazyRouteComponent(() => import('../rooms/access/workspaces.tsx'), 'Workspaces'),
})
const teams = createRoute({
  getParentRoute: () => settings,
  path: 'teams',
  component: lazyRouteComponent(() => import('../rooms/teams/teams.tsx'), 'Teams'),
})
const labels = createRoute({
  getParentRoute: () => settings,
  path: 'labels',
  component: lazyRouteComponent(() => import('../rooms/labels/labels.tsx'), 'LabelSettings'),
})
const replies = createRoute({
  getParentRoute: () => settings,
  path: 'replies',
  component: lazyRouteComponent(() => import('../rooms/replies/replies.tsx'), 'Replies'),
})
const smallTalk = createRoute({
  getParentRoute: () => settings,
  path: 'small-talk',
  component: lazyRouteComponent(() => import('../rooms/replies/small-talk.tsx'), 'SmallTalk'),
})
const inboxes = createRoute({
  getParentRoute: () => settings,
  path: 'inboxes',
  component: lazyRouteComponent(() => import('../rooms/places/inboxes.tsx'), 'Inboxes'),
})
const inboxSettings = createRoute({
  getParentRoute: () => settings,
  path: 'inboxes/$inbox',
  params: {
    parse: ({ inbox }) => ({ inbox: inbox as InboxId }),
    stringify: ({ inbox }) => ({ inbox }),
  },
  component: lazyRouteComponent(() => import('../rooms/places/inbox.tsx'), 'InboxSettings'),
})

/** Makes the router: every address of the app. */
export function createAppRouter() {
  return createRouter({
    routeTree: root.addChildren([
      home,
      setup,
      inbox.addChildren([noneOpen, conversation]),
      channels,
      channel.addChildren([noTalkOpen, talk]),
      direct,
      drafts,
      settings.addChildren([
        settingsHome,
        profile,
        sessions,
        members,
        apps,
        roles,
        audit,
        topics,
        workspaces,
        teams,
        labels,
        replies,
        smallTalk,
        inboxes,
        inboxSettings,
      ]),
    ]),
    defaultPreload: 'intent',
    defaultErrorComponent: Broken,
  })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>
  }
}
