import { bytesOf } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import { ok } from '@fermata/base/result'
import { byOf } from '../audit/index.ts'
import type { Handlers } from '../handler.ts'
import { accessChannel, visibleChannels } from './channels.access.ts'
import {
  addChannel,
  archiveChannel,
  changeChannel,
  joinChannel,
  leaveChannel,
} from './channels.actions.ts'
import { channelMemberView } from './channel.ts'
import { seatsOfChannel } from './channels.sql.ts'
import type { PlacesDeps } from './deps.ts'

/** The routes about channels themselves; what is said in them is further down. */
export type ChannelsRoute =
  | 'channels.list'
  | 'channels.add'
  | 'channels.change'
  | 'channels.archive'
  | 'channels.restore'
  | 'channels.members'
  | 'channels.join'
  | 'channels.leave'

/** The handlers of those routes. */
export function channelsHandlers(deps: PlacesDeps): Handlers<ChannelsRoute> {
  const { storage } = deps
  return {
    'channels.list': ({ caller }) =>
      storage.read(async (tx) => {
        const { head: position } = await storage.bounds(tx, bytesOf(caller.workspace))
        return ok({ ...(await visibleChannels(tx, caller)), position })
      }),
    'channels.add': (asked) => addChannel(deps, byOf(asked), asked.body),
    'channels.change': (asked) =>
      changeChannel(deps, byOf(asked), asked.params.channel, asked.body),
    'channels.archive': (asked) => archiveChannel(deps, byOf(asked), asked.params.channel, true),
    'channels.restore': (asked) => archiveChannel(deps, byOf(asked), asked.params.channel, false),
    'channels.members': ({ caller, params }) =>
      storage.read(async (tx) => {
        const found = await accessChannel(tx, caller, params.channel)
        if (!found.ok) return found
        const workspace = bytesOf(caller.workspace)
        const { head: position } = await storage.bounds(tx, workspace)
        const channel = bytesOf(params.channel)
        const limit = limits.membersPerChannelMax
        const rows = await tx.all(seatsOfChannel, { workspace, channel, limit })
        return ok({ rows: rows.map(channelMemberView), position })
      }),
    'channels.join': (asked) => joinChannel(deps, byOf(asked), asked.params),
    'channels.leave': (asked) => leaveChannel(deps, byOf(asked), asked.params),
  }
}
