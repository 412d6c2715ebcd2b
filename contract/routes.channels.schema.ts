import { Type } from 'typebox'
import { limits } from '@fermata/base/limits'
import * as channels from './channels.schema.ts'
import * as talks from './conversations.schema.ts'
import type { channelsRoutes } from './routes.channels.ts'
import type { RouteSchema } from './routes.schema.ts'
import { closed, id, nullable, pageLimit, pageToken } from './shapes.schema.ts'

const position = Type.Integer({ minimum: 0 })
const count = Type.Integer({ minimum: 0, maximum: limits.unreadScanRowsMax })
const toChannel = closed({ channel: id('chn') })
const inChannel = closed({ channel: id('chn'), member: id('mbr') })
const pageQuery = Type.Partial(closed({ page: pageToken, limit: pageLimit }), {
  additionalProperties: false,
})
const floorAnswer = closed({
  rows: Type.Array(channels.floorRow),
  /** My own state of those rows where I have one. */
  mine: Type.Array(talks.mineView),
  next: nullable(pageToken),
  position,
})
const floorSaidAnswer = closed({ conversation: channels.floorRow, message: talks.messageView })

/** What the routes of channels and direct conversations take and give. */
export const channelSchemas = {
  'channels.list': {
    answer: closed({
      rows: Type.Array(channels.channelView),
      /** Those of which I am a member. */
      seats: Type.Array(channels.seatView),
      position,
    }),
  },
  'channels.unread': {
    answer: closed({
      /** How many conversations of a channel of mine I have not read to their end; none is left out. */
      channels: Type.Array(closed({ channel: id('chn'), count })),
      position,
    }),
  },
  'channels.add': { body: channels.channelBody, answer: channels.channelView },
  'channels.change': {
    params: toChannel,
    body: channels.channelPatch,
    answer: channels.channelView,
  },
  'channels.archive': { params: toChannel, answer: channels.channelView },
  'channels.restore': { params: toChannel, answer: channels.channelView },
  'channels.members': {
    params: toChannel,
    answer: closed({ rows: Type.Array(channels.channelMemberView), position }),
  },
  'channels.join': { params: inChannel, answer: channels.channelView },
  'channels.leave': { params: inChannel },
  'channels.conversations': { params: toChannel, query: pageQuery, answer: floorAnswer },
  'channels.open': { params: toChannel, body: channels.topicBody, answer: floorSaidAnswer },
  'directs.list': { query: pageQuery, answer: floorAnswer },
  'directs.open': {
    body: channels.directBody,
    answer: closed({ conversation: channels.floorRow }),
  },
} as const satisfies Record<keyof typeof channelsRoutes, RouteSchema>
