import type { PoolClient, QueryResult } from 'pg'
import type { GrownHead } from './heads.ts'
import type { NewEvent } from './port.ts'

/**
 * Takes the next positions of a workspace and writes its events, in one statement. The head's row
 * stays locked until the commit, so that positions become visible in their order; the statement is
 * the transaction's last, and the commit follows it without waiting, so the lock is held briefly.
 */
const placeEvents = {
  name: 'fermata_place_events',
  text: `with taken as (
    insert into feed_heads (workspace, head, tail) values ($1, $2, 0)
    on conflict (workspace) do update set head = feed_heads.head + excluded.head
    returning head
  ), placed as (
    insert into feed_events
      (workspace, position, at, actor, type, place, conversation, contact, only_actor, body)
    select $1, taken.head - $2 + event.nth, event.at, event.actor, event.type, event.place,
      event.conversation, event.contact, event.only_actor, event.body
    from taken, json_to_recordset($3::json) as event (
      nth bigint, at bigint, actor text, type text, place uuid, conversation uuid, contact uuid,
      only_actor text, body text
    )
  )
  select head from taken`,
}

const hex = (id: Uint8Array | null): string | null =>
  id === null ? null : Buffer.from(id).toString('hex')

/** The events of an action by workspace, in the order in which all actions lock the heads. */
function shares(events: readonly NewEvent[]): [string, NewEvent[]][] {
  const shared = Map.groupBy(events, (event) => Buffer.from(event.workspace).toString('hex'))
  return [...shared].sort(([a], [b]) => (a < b ? -1 : 1))
}

/** Sends the statements that place an action's events; they may be waited for after the commit is sent. */
export function sendEvents(client: PoolClient, events: readonly NewEvent[]): Promise<GrownHead>[] {
  return shares(events).map(async ([, own]) => {
    const { workspace } = own[0]!
    const records = own.map((event, i) => ({
      nth: i + 1,
      at: event.at,
      actor: event.actor,
      type: event.type,
      place: hex(event.place),
      conversation: hex(event.conversation),
      contact: hex(event.contact),
      only_actor: event.only,
      body: JSON.stringify(event.body),
    }))
    const placed: QueryResult<{ head: number }> = await client.query({
      ...placeEvents,
      values: [workspace, own.length, JSON.stringify(records)],
    })
    return { workspace, head: placed.rows[0]!.head }
  })
}
