import type { Caller } from '@fermata/contract/actors'
import type { StoredEvent } from '@fermata/storage/port'

/** What an event does to a reader's access: ends it, or has it come again to be known afresh. */
export function touches(event: StoredEvent, caller: Caller): 'ends' | 'again' | 'no' {
  const body = JSON.parse(event.body) as Readonly<Record<string, string>>
  switch (event.type) {
    case 'session.ended':
      return caller.kind === 'member' && body['session'] === caller.session ? 'ends' : 'no'
    case 'app.removed':
      return body['app'] === caller.id ? 'ends' : 'no'
    case 'member.changed':
      return body['member'] === caller.id ? 'again' : 'no'
    case 'app.changed':
      return body['app'] === caller.id ? 'again' : 'no'
    case 'role.changed':
      return caller.kind === 'member' && body['role'] === caller.role ? 'again' : 'no'
    case 'contact.changed':
      return body['contact'] === caller.id ? 'again' : 'no'
    default:
      return 'no'
  }
}

const touching: ReadonlySet<string> = new Set([
  'session.ended',
  'app.changed',
  'app.removed',
  'member.changed',
  'role.changed',
])

/** Whether an event is one of those that may end or change what somebody is let in for, but for contacts. */
export function mayTouch({ type }: Pick<StoredEvent, 'type'>): boolean {
  return touching.has(type)
}
