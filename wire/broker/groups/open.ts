import type { Clock } from '@fermata/base/clock'
import { limits } from '@fermata/base/limits'
import type { LogStore } from '../../log/store.ts'
import { openLedger, type Ledger, type LedgerProducer } from '../ledger.ts'
import type { Topics } from '../topic.ts'
import { openCoordinator, type Coordinator } from './coordinator.ts'
import { offsetsOf, type GroupOffsetCalls } from './offsets.ts'
import type { GroupCalls } from './port.ts'
import { applyEnd, applyFound, newRegistry, noteSequence } from './registry.ts'
import { openRoom } from './room.ts'

/** The groups, and what the other rooms of the broker ask of them. */
export interface Groups {
  readonly calls: GroupCalls
  readonly ledger: Ledger
  readonly commitWithin: GroupOffsetCalls['commitWithin']
  readonly dropTopic: GroupOffsetCalls['dropTopic']
  /** To be called once a producer's transaction has ended on the ledger. */
  ended(producer: LedgerProducer, isCommitted: boolean): void
  close(): void
}

/** Finds the groups of a log as they were, and looks after them. */
export async function openGroups(parts: {
  readonly log: LogStore
  readonly clock: Clock
  readonly topics: Topics
  readonly newId: () => string
}): Promise<Groups> {
  const { log, clock, topics, newId } = parts
  const registry = newRegistry()
  const ledger = await openLedger(log, 'broker-groups', () => clock.now(), {
    entry: (found) => applyFound(registry, found, clock.monotonic()),
    wrote: (producer, next) => noteSequence(registry, producer, next),
    end: (producer, isCommitted) => applyEnd(registry, producer, isCommitted),
  })
  const room = openRoom(registry, () => clock.monotonic())
  const coordinator = openCoordinator({ ledger, clock, registry, room, newId })
  const offsets = offsetsOf({ ledger, clock, topics, registry, room, coordinator })
  const look = (): void => {
    offsets.lookAtOld()
    stop = clock.after(limits.groupLookMs, look)
  }
  let stop = clock.after(limits.groupLookMs, look)
  return {
    calls: callsOf(coordinator, offsets),
    ledger,
    commitWithin: offsets.commitWithin,
    dropTopic: offsets.dropTopic,
    ended: (producer, isCommitted) => applyEnd(registry, producer, isCommitted),
    close() {
      stop()
      coordinator.close()
    },
  }
}

/** What is meant for those outside. */
function callsOf(members: Coordinator, offsets: GroupOffsetCalls): GroupCalls {
  const { joinGroup, syncGroup, heartbeat, leaveGroup, listGroups, describeGroups } = members
  const { commitOffsets, committedOffsets, deleteOffsets, deleteGroups } = offsets
  return {
    joinGroup,
    syncGroup,
    heartbeat,
    leaveGroup,
    listGroups,
    describeGroups,
    commitOffsets,
    committedOffsets,
    deleteOffsets,
    deleteGroups,
  }
}
