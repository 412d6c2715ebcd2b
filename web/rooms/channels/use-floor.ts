import { useEffect, useMemo } from 'react'
import type { ChannelId, ConversationId } from '@fermata/base/ids'
import type { ChannelView, FloorRow, SeatView } from '@fermata/contract/channels.schema'
import { floorName, floorRows, floorUnread } from '@fermata/contract/floor'
import type { FloorKey } from '@fermata/contract/state'
import type { Load } from '@fermata/sdk/store'
import { useModel, useSession } from '../../state/use-session.tsx'

/** A list of conversations among members, kept loaded and fresh as long as it is shown. */
export function useFloor(key: FloorKey): {
  readonly rows: readonly FloorRow[]
  readonly isKnown: boolean
  readonly hasMore: boolean
  readonly load: Load | undefined
} {
  const { store } = useSession()
  const name = floorName(key)
  const channel = key.kind === 'channel' ? key.channel : null
  const same = useMemo<FloorKey>(
    () => (channel === null ? { kind: 'direct' } : { kind: 'channel', channel }),
    [channel],
  )
  useEffect(() => store.showFloor(same), [store, same])
  const floor = useModel((model) => model.state.floor)
  const halls = useModel((model) => model.state.halls)
  const load = useModel((model) => model.loads[name])
  const rows = useMemo(() => floorRows({ floor, halls }, same), [floor, halls, same])
  const window = halls[name]
  return { rows, isKnown: window !== undefined, hasMore: (window?.next ?? null) !== null, load }
}

/** A channel, and my place in it; both undefined where there is none that I may see. */
export function useChannel(id: ChannelId): {
  readonly channel: ChannelView | undefined
  readonly seat: SeatView | undefined
} {
  const channel = useModel((model) => model.state.channels[id])
  const seat = useModel((model) => model.state.seats[id])
  return { channel, seat }
}

/** Whether there is something in a conversation that I have not read. */
export function useIsUnread(id: ConversationId): boolean {
  return useModel(({ state }) => {
    const row = state.floor[id]
    if (row === undefined) return false
    const seat = row.place.kind === 'channel' ? state.seats[row.place.channel] : undefined
    return floorUnread(row, state.mine[id], seat) > 0
  })
}
