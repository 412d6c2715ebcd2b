import { bytesEqual } from '@fermata/base/bytes'
import { present } from '@fermata/base/assert'
import { insertEvent, takeFirstPositions, takePositions } from './feed.ts'
import type { GrownHead } from './heads.ts'
import type { WrittenEvent } from './sqlite.action.ts'
import type { Statements } from './sqlite.statements.ts'

/** The events of one batch that belong to one workspace, in the order of the actions. */
interface Share {
  readonly workspace: Uint8Array
  readonly events: WrittenEvent[]
}

function sharesOf(events: readonly WrittenEvent[]): Share[] {
  const shares: Share[] = []
  for (const written of events) {
    const { workspace } = written.event
    const share = shares.find((known) => bytesEqual(known.workspace, workspace))
    if (share === undefined) shares.push({ workspace, events: [written] })
    else share.events.push(written)
  }
  return shares
}

/**
 * Gives events their positions and writes them: the last work of a transaction. Each workspace's
 * head moves once for the whole batch.
 */
export function placeEvents(statements: Statements, events: readonly WrittenEvent[]): GrownHead[] {
  return sharesOf(events).map(({ workspace, events: own }) => {
    const taken = { workspace, n: own.length }
    const { head } = present(
      statements.get(takePositions, taken) ?? statements.get(takeFirstPositions, taken),
      'the head',
    )
    let position = head - own.length
    for (const { event, body } of own) {
      position += 1
      statements.run(insertEvent, {
        workspace,
        position,
        at: event.at,
        actor: event.actor,
        type: event.type,
        place: event.place,
        conversation: event.conversation,
        contact: event.contact,
        only_actor: event.only,
        body,
      })
    }
    return { workspace, head }
  })
}
