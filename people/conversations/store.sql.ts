import { sql, type SqlBool } from 'kysely'
import { queriesOver } from '@fermata/storage/query'
import type {
  ConversationTable,
  ConversationTables,
  EditTable,
  MessageTable,
  ParticipantTable,
} from './tables.ts'
import type { StateColumns } from './record.ts'

const query = queriesOver<ConversationTables>()

/** One conversation, for looking at. */
export const conversationById = query<{ id: Uint8Array }>()<ConversationTable>((db, p) =>
  db.selectFrom('conversations').selectAll().where('id', '=', p.id),
)

/** One conversation, for changing: on PostgreSQL its row is locked until the transaction ends. */
export const conversationForChange = query<{ id: Uint8Array }>()<ConversationTable>((
  db,
  p,
  dialect,
) => {
  const found = db.selectFrom('conversations').selectAll().where('id', '=', p.id)
  return dialect === 'postgres' ? found.forUpdate() : found
})

export const insertConversation = query<Omit<ConversationTable, 'channel' | 'direct'>>()((db, p) =>
  db.insertInto('conversations').values({
    id: p.id,
    workspace: p.workspace,
    inbox: p.inbox,
    contact: p.contact,
    channel: null,
    direct: null,
    created_at: p.created_at,
    ...stateOf(p),
  }),
)

/** The same for a conversation among members. */
export const insertFloor = query<Omit<ConversationTable, 'inbox' | 'contact'>>()((db, p) =>
  db.insertInto('conversations').values({
    id: p.id,
    workspace: p.workspace,
    inbox: null,
    contact: null,
    channel: p.channel,
    direct: p.direct,
    created_at: p.created_at,
    ...stateOf(p),
  }),
)

export const updateConversation = query<StateColumns & { id: Uint8Array }>()((db, p) =>
  db.updateTable('conversations').set(stateOf(p)).where('id', '=', p.id),
)

function stateOf(p: StateColumns): StateColumns {
  return {
    subject: p.subject,
    urgency: p.urgency,
    labels: p.labels,
    status: p.status,
    turn: p.turn,
    turn_since: p.turn_since,
    due: p.due,
    owed: p.owed,
    due_key: p.due_key,
    pauses: p.pauses,
    pause_until_key: p.pause_until_key,
    pause_at_key: p.pause_at_key,
    resolved_by: p.resolved_by,
    resolved_at: p.resolved_at,
    last_number: p.last_number,
    last_at: p.last_at,
    reply_count: p.reply_count,
    last_reply: p.last_reply,
    last_reply_at: p.last_reply_at,
    last_reply_side: p.last_reply_side,
    holder: p.holder,
    lease: p.lease,
    token: p.token,
  }
}

/** Adds a message unless its author has used the client id before: then it changes no row. */
export const insertMessage = query<MessageTable>()((db, p) =>
  db
    .insertInto('messages')
    .values({
      conversation: p.conversation,
      number: p.number,
      id: p.id,
      workspace: p.workspace,
      kind: p.kind,
      author: p.author,
      author_name: p.author_name,
      text: p.text,
      at: p.at,
      revision: p.revision,
      edited_at: p.edited_at,
      deleted_at: p.deleted_at,
      deleted_by: p.deleted_by,
      reply_number: p.reply_number,
      client: p.client,
      sent_hash: p.sent_hash,
      files: p.files,
      small_talk: p.small_talk,
    })
    .onConflict((conflict) => conflict.columns(['author', 'client']).doNothing()),
)

export const messageByClient = query<{ author: string; client: Uint8Array }>()<MessageTable>(
  (db, p) =>
    db
      .selectFrom('messages')
      .selectAll()
      .where('author', '=', p.author)
      .where('client', '=', p.client),
)

export const messageById = query<{ id: Uint8Array }>()<MessageTable>((db, p) =>
  db.selectFrom('messages').selectAll().where('id', '=', p.id),
)

export const messageByNumber = query<{
  conversation: Uint8Array
  number: number
}>()<MessageTable>((db, p) =>
  db
    .selectFrom('messages')
    .selectAll()
    .where('conversation', '=', p.conversation)
    .where('number', '=', p.number),
)

/** What our side said last to a contact. */
export const lastOfOurs = query<{ conversation: Uint8Array }>()((db, p) =>
  db
    .selectFrom('messages')
    .select('text')
    .where('conversation', '=', p.conversation)
    .where('kind', '=', 'reply')
    .where('author', 'not like', 'ctc%')
    .orderBy('number', 'desc')
    .limit(1),
)

export const changeMessage = query<
  Pick<
    MessageTable,
    | 'conversation'
    | 'number'
    | 'text'
    | 'revision'
    | 'edited_at'
    | 'deleted_at'
    | 'deleted_by'
    | 'files'
    | 'small_talk'
  >
>()((db, p) =>
  db
    .updateTable('messages')
    .set({
      text: p.text,
      revision: p.revision,
      edited_at: p.edited_at,
      deleted_at: p.deleted_at,
      deleted_by: p.deleted_by,
      files: p.files,
      small_talk: p.small_talk,
    })
    .where('conversation', '=', p.conversation)
    .where('number', '=', p.number),
)

export const insertEdit = query<EditTable>()((db, p) =>
  db.insertInto('message_edits').values({
    conversation: p.conversation,
    number: p.number,
    revision: p.revision,
    text: p.text,
    until: p.until,
  }),
)

export const editsOfMessage = query<{
  conversation: Uint8Array
  number: number
  limit: number
}>()<EditTable>((db, p) =>
  db
    .selectFrom('message_edits')
    .selectAll()
    .where('conversation', '=', p.conversation)
    .where('number', '=', p.number)
    .orderBy('revision', 'desc')
    .limit(p.limit),
)

export const deleteEdits = query<{ conversation: Uint8Array; number: number }>()((db, p) =>
  db
    .deleteFrom('message_edits')
    .where('conversation', '=', p.conversation)
    .where('number', '=', p.number),
)

interface MessagePage {
  conversation: Uint8Array
  number: number
  limit: number
}

/** Messages before a number, the last first. */
export const messagesBefore = query<MessagePage>()<MessageTable>((db, p) =>
  db
    .selectFrom('messages')
    .selectAll()
    .where('conversation', '=', p.conversation)
    .where('number', '<', p.number)
    .orderBy('number', 'desc')
    .limit(p.limit),
)

/** Messages after a number, in order. */
export const messagesAfter = query<MessagePage>()<MessageTable>((db, p) =>
  db
    .selectFrom('messages')
    .selectAll()
    .where('conversation', '=', p.conversation)
    .where('number', '>', p.number)
    .orderBy('number')
    .limit(p.limit),
)

/** Replies before a number as contacts count, the last first. Notes do not exist in here. */
export const repliesBefore = query<MessagePage>()<MessageTable>((db, p) =>
  db
    .selectFrom('messages')
    .selectAll()
    .where('conversation', '=', p.conversation)
    .where('kind', '=', 'reply')
    .where('reply_number', '<', p.number)
    .orderBy('number', 'desc')
    .limit(p.limit),
)

/** Replies after a number as contacts count, in order. */
export const repliesAfter = query<MessagePage>()<MessageTable>((db, p) =>
  db
    .selectFrom('messages')
    .selectAll()
    .where('conversation', '=', p.conversation)
    .where('kind', '=', 'reply')
    .where('reply_number', '>', p.number)
    .orderBy('number')
    .limit(p.limit),
)

/** Somebody takes part from now on, and has read up to a number. What they put away stays so. */
export const joinAndRead = query<{
  conversation: Uint8Array
  actor: string
  at: number
  cursor: number
}>()((db, p) =>
  db
    .insertInto('participants')
    .values({
      conversation: p.conversation,
      actor: p.actor,
      joined_at: p.at,
      cursor: p.cursor,
      beyond: null,
      archived_number: null,
      snoozed_until: null,
    })
    .onConflict((conflict) =>
      conflict.columns(['conversation', 'actor']).doUpdateSet({
        cursor: p.cursor,
        // Who has read no further has read what they had read.
        beyond: sql<
          string | null
        >`case when participants.cursor = ${p.cursor} then participants.beyond else null end`,
        joined_at: sql<number>`coalesce(participants.joined_at, ${p.at})`,
      }),
    ),
)

/** Sets whatever somebody has of their own in a conversation. */
export const putParticipant = query<ParticipantTable>()((db, p) =>
  db
    .insertInto('participants')
    .values({
      conversation: p.conversation,
      actor: p.actor,
      joined_at: p.joined_at,
      cursor: p.cursor,
      beyond: p.beyond,
      archived_number: p.archived_number,
      snoozed_until: p.snoozed_until,
    })
    .onConflict((conflict) =>
      conflict.columns(['conversation', 'actor']).doUpdateSet({
        joined_at: p.joined_at,
        cursor: p.cursor,
        beyond: p.beyond,
        archived_number: p.archived_number,
        snoozed_until: p.snoozed_until,
      }),
    ),
)

export const participantOf = query<{
  conversation: Uint8Array
  actor: string
}>()<ParticipantTable>((db, p) =>
  db
    .selectFrom('participants')
    .selectAll()
    .where('conversation', '=', p.conversation)
    .where('actor', '=', p.actor),
)

export const participantsIn = query<{ conversation: Uint8Array; limit: number }>()<{
  actor: string
  joined_at: number | null
}>((db, p) =>
  db
    .selectFrom('participants')
    .select(['actor', 'joined_at'])
    .where('conversation', '=', p.conversation)
    .where('joined_at', 'is not', null)
    .orderBy('joined_at')
    .orderBy('actor')
    .limit(p.limit),
)

export const conversationsOfContact = query<{
  contact: Uint8Array
}>()<ConversationTable>((db, p) =>
  db.selectFrom('conversations').selectAll().where('contact', '=', p.contact),
)

/** Hands everything that an unidentified visitor said and had to the contact they turned out to be. */
export const rehomeConversations = query<{ from: Uint8Array; to: Uint8Array }>()((db, p) =>
  db.updateTable('conversations').set({ contact: p.to }).where('contact', '=', p.from),
)

export const rehomeMessages = query<{
  conversation: Uint8Array
  from: string
  to: string
}>()((db, p) =>
  db
    .updateTable('messages')
    .set({ author: p.to })
    .where('conversation', '=', p.conversation)
    .where('author', '=', p.from),
)

export const rehomeParticipant = query<{
  conversation: Uint8Array
  from: string
  to: string
}>()((db, p) =>
  db
    .updateTable('participants')
    .set({ actor: p.to })
    .where('conversation', '=', p.conversation)
    .where('actor', '=', p.from),
)

/** True for a row that its reader has not put away. `participants` must be joined as `own`. */
export const notPutAway = sql<SqlBool>`(own.actor is null or (own.snoozed_until is null
  and (own.archived_number is null or conversations.last_number > own.archived_number)))`
