import type { Route } from './route.ts'

/** Routes of what programs say to each other: topics, their records, and the groups that read them. */
export const topicsRoutes = {
  'topics.list': {
    method: 'GET',
    path: '/v1/topics',
    who: ['member', 'app'],
    permission: 'topics:read',
    text: 'The topics of the workspace by name, and how much they hold.',
  },
  'topics.add': {
    method: 'POST',
    path: '/v1/topics',
    who: ['member', 'app'],
    permission: 'topics:manage',
    text: "Makes a topic; settings have the names that Kafka's have.",
  },
  'topics.get': {
    method: 'GET',
    path: '/v1/topics/:topic',
    who: ['member', 'app'],
    permission: 'topics:read',
    text: 'A topic with its partitions and what was set for it.',
  },
  'records.list': {
    method: 'GET',
    path: '/v1/topics/:topic/records',
    who: ['member', 'app'],
    permission: 'topics:read',
    text: 'Records of a partition to look at: from an offset on, or the last.',
  },
  'records.publish': {
    method: 'POST',
    path: '/v1/topics/:topic/records',
    who: ['member', 'app'],
    permission: 'topics:write',
    rate: 'send',
    text: 'Publishes records; when it is answered they are on disk. A call that is repeated publishes them again.',
  },
  'groups.list': {
    method: 'GET',
    path: '/v1/groups',
    who: ['member', 'app'],
    permission: 'topics:read',
    text: 'The groups that read, and how far behind they are.',
  },
} as const satisfies Record<string, Route>
