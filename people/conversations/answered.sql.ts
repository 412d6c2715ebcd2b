import { queriesOver } from '@fermata/storage/query'
import type { ConversationTables } from './tables.ts'

const query = queriesOver<ConversationTables>()

/** One message of the contact after a number, if there is any. */
export const saidByContactAfter = query<{ conversation: Uint8Array; number: number }>()<{
  number: number
}>((db, p) =>
  db
    .selectFrom('messages')
    .select('number')
    .where('conversation', '=', p.conversation)
    .where('number', '>', p.number)
    .where('author', 'like', 'ctc%')
    .orderBy('number')
    .limit(1),
)

/** One message of the contact whose id is newer than another, if there is any. */
export const saidByContactUnder = query<{ conversation: Uint8Array; mark: Uint8Array }>()<{
  number: number
}>((db, p) =>
  db
    .selectFrom('messages')
    .select('number')
    .where('conversation', '=', p.conversation)
    .where('id', '>', p.mark)
    .where('author', 'like', 'ctc%')
    .limit(1),
)
