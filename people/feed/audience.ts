import { idText, type InboxId } from '@fermata/base/ids'
import type { Caller } from '@fermata/contract/actors'
import { may } from '@fermata/contract/may'
import type { StoredEvent } from '@fermata/storage/port'

/** Somebody who reads the feed, with the inboxes that they may see now. Contacts see none. */
export interface Viewer {
  readonly caller: Caller
  readonly inboxes: ReadonlySet<InboxId>
}

/**
 * Whether an event is for these eyes: addressed to them alone, or about something that they may see
 * at this moment.
 */
export function maySee(viewer: Viewer, event: StoredEvent): boolean {
  const { caller } = viewer
  if (event.only !== null) return event.only === caller.id
  if (caller.kind === 'contact') {
    return event.contact !== null && idText('ctc', event.contact) === caller.id
  }
  return event.place === null || viewer.inboxes.has(idText('ibx', event.place))
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
