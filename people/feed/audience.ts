import { idText, type InboxId } from '@fermata/base/ids'
import type { Caller } from '@fermata/contract/actors'
import { may } from '@fermata/contract/may'
import type { StoredEvent } from '@fermata/storage/port'

/** Somebody who reads the feed, with the inboxes that they may see now. Contacts see none. */
export interface Viewer {
  readonly caller: Caller
  readonly inboxes: ReadonlySet<InboxId>
}

/** Who hears of a place where members talk among themselves. */
export interface Hearers {
  /** Whether everybody hears of it who sees open channels. */
  readonly isOpen: boolean
  readonly members: ReadonlySet<string>
}

/** Who hears, now, of the places of some events that are no inboxes; by {@link placeKey}. */
export type FloorNow = ReadonlyMap<string, Hearers>

/** A place as a key: which kind of place it is does not matter. */
export function placeKey(place: Uint8Array): string {
  return idText('ibx', place)
}

/** Whether somebody hears of a place where members talk. */
export function hears({ caller }: Pick<Viewer, 'caller'>, hearers: Hearers | undefined): boolean {
  if (hearers === undefined || caller.kind !== 'member') return false
  if (!may(caller, 'conversations:read')) return false
  return hearers.members.has(caller.id) || (hearers.isOpen && may(caller, 'channels:open'))
}

/**
 * Whether an event is for these eyes: addressed to them alone, or about something that they may see
 * at this moment.
 */
export function maySee(viewer: Viewer, event: StoredEvent, floor: FloorNow): boolean {
  const { caller } = viewer
  if (event.only !== null) return event.only === caller.id
  if (caller.kind === 'contact') {
    return event.contact !== null && idText('ctc', event.contact) === caller.id
  }
  if (event.place === null || viewer.inboxes.has(idText('ibx', event.place))) return true
  return hears(viewer, floor.get(placeKey(event.place)))
}

/**
 * Names what readers have in common: those of one class are sent the same bytes, apart from events that
 * are addressed to one of them alone.
 */
export function classOf(viewer: Viewer): string {
  const { caller } = viewer
  switch (caller.kind) {
    case 'contact':
      return caller.id
    case 'app':
      return `app ${caller.scopes.toSorted().join(' ')}`
    case 'member': {
      const held = caller.permissions.toSorted().join(' ')
      const inboxes = may(caller, 'inboxes:all') ? 'all' : [...viewer.inboxes].sort().join(' ')
      // A guest is told of their own teams alone, which no other guest need share.
      const alone = may(caller, 'inboxes:read') ? '' : caller.id
      return `member ${held} ${inboxes} ${alone}`
    }
  }
}
