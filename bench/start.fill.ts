import { hash } from 'node:crypto'
import { DatabaseSync, type SQLOutputValue, type StatementSync } from 'node:sqlite'
import { join } from 'node:path'
import { systemClock } from '@fermata/base/clock'
import {
  bytesOf,
  idText,
  uuidv7Generator,
  type ContactId,
  type Id,
  type InboxId,
  type MemberId,
  type WorkspaceId,
} from '@fermata/base/ids'
import type { AnswerMinutes } from '@fermata/contract/places.schema'
import {
  columnsOf,
  decide,
  unsaid,
  type Command,
  type Conversation,
} from '@fermata/people/conversations/index'
import { randomFrom, type SeededRandom } from '@fermata/testkit/random'
import { chatTexts } from './texts.ts'

/** What was made over the HTTP API before, and is now filled. */
export interface Frame {
  readonly workspace: WorkspaceId
  readonly inboxes: readonly { readonly id: InboxId; readonly answerMinutes: AnswerMinutes }[]
  readonly members: readonly { readonly id: MemberId; readonly name: string }[]
}

/** How much is filled in. */
export interface FillSize {
  readonly conversations: number
  readonly messages: number
  readonly contacts: number
  /** The newest conversations, of which the feed still tells. */
  readonly toldConversations: number
}

const yearMs = 365 * 24 * 3_600_000
const dayMs = 24 * 3_600_000
/** Rows in one transaction. */
const batchRows = 200_000

type TableName = 'contacts' | 'conversations' | 'messages' | 'participants' | 'events'
type Row = Readonly<Record<string, string | number | null | Uint8Array>>

/** Inserts rows of one table, each statement prepared once. */
class Table {
  readonly #statement: StatementSync
  readonly #names: readonly string[]
  /** What stands in a column of which a row says nothing. */
  readonly #otherwise: readonly SQLOutputValue[]

  constructor(db: DatabaseSync, name: string) {
    const columns = db.prepare(`select name, dflt_value from pragma_table_info(?)`).all(name)
    this.#names = columns.map((column) => String(column['name']))
    this.#otherwise = columns.map(
      ({ dflt_value: text }) => db.prepare(`select ${String(text)} as it`).get()?.['it'] ?? null,
    )
    const places = this.#names.map(() => '?').join(', ')
    this.#statement = db.prepare(
      `insert into ${name} (${this.#names.join(', ')}) values (${places})`,
    )
  }

  insert(row: Row): void {
    this.#statement.run(...this.#names.map((name, at) => row[name] ?? this.#otherwise[at] ?? null))
  }
}

/** Takes indexes away while rows are poured in, which is several times faster, and puts them back. */
function withoutIndexes(db: DatabaseSync, pour: () => void): void {
  const indexes = db
    .prepare("select name, sql from sqlite_master where type = 'index' and sql is not null")
    .all() as { name: string; sql: string }[]
  for (const { name } of indexes) db.exec(`drop index "${name}"`)
  pour()
  for (const { sql } of indexes) db.exec(sql)
}

/**
 * Fills the database of a stopped server with conversations of the last two years, each brought
 * about by the room's own decisions, so that what is there is what the product would have made.
 */
export function fill(
  folder: string,
  frame: Frame,
  size: FillSize,
  say: (text: string) => void,
): void {
  const db = new DatabaseSync(join(folder, 'people.db'))
  db.exec('pragma locking_mode = exclusive')
  db.exec('pragma journal_mode = off')
  db.exec('pragma synchronous = off')
  db.exec('pragma cache_size = -400000')
  withoutIndexes(db, () => new Filling(db, frame, size).run(say))
  say('checking …')
  const [check] = db.prepare('pragma quick_check').all()
  if (check?.['quick_check'] !== 'ok') throw new Error('the filled database is not whole')
  db.exec('pragma journal_mode = wal')
  db.close()
}

class Filling {
  readonly #db: DatabaseSync
  readonly #frame: Frame
  readonly #size: FillSize
  readonly #random: SeededRandom = randomFrom(1)
  readonly #texts: readonly string[]
  readonly #tables: Readonly<Record<TableName, Table>>
  readonly #nowMs = systemClock().now()
  readonly #at = { now: 0 }
  readonly #newUuid = uuidv7Generator({ now: () => this.#at.now }, (bytes) =>
    this.#random.fill(bytes),
  )
  readonly #contacts: { id: Uint8Array; text: ContactId; name: string }[] = []
  #rows = 0
  #head: number
  #tail = 0

  constructor(db: DatabaseSync, frame: Frame, size: FillSize) {
    this.#db = db
    this.#frame = frame
    this.#size = size
    this.#texts = chatTexts(this.#random, 20_000)
    this.#tables = {
      contacts: new Table(db, 'contacts'),
      conversations: new Table(db, 'conversations'),
      messages: new Table(db, 'messages'),
      participants: new Table(db, 'participants'),
      events: new Table(db, 'feed_events'),
    }
    const workspace = bytesOf(frame.workspace)
    const heads = db.prepare('select head from feed_heads where workspace = ?').get(workspace)
    this.#head = Number(heads?.['head'])
  }

  run(say: (text: string) => void): void {
    const { conversations, messages, toldConversations } = this.#size
    this.#db.exec('begin')
    this.#addContacts()
    let messagesLeft = messages
    for (let i = 0; i < conversations; i++) {
      const left = conversations - i
      if (left === toldConversations) this.#forgetFeed()
      messagesLeft -= this.#addConversation(
        i,
        left === 1 ? messagesLeft : this.#length(messagesLeft / left),
      )
      if (i % 100_000 === 0) say(`${i} conversations …`)
      if (this.#rows < batchRows) continue
      this.#db.exec('commit; begin')
      this.#rows = 0
    }
    this.#db
      .prepare('update feed_heads set head = ?, tail = ? where workspace = ?')
      .run(this.#head, this.#tail, bytesOf(this.#frame.workspace))
    this.#db.exec('commit')
    say('building the indexes …')
  }

  /** A length for a conversation; the mean is kept, and long ones are rare. */
  #length(mean: number): number {
    return Math.max(1, Math.min(200, Math.round(-mean * Math.log(1 - this.#random.unit()))))
  }

  #insert(table: TableName, row: Row): void {
    this.#tables[table].insert(row)
    this.#rows += 1
  }

  #addContacts(): void {
    this.#at.now = this.#nowMs - 2 * yearMs
    for (let i = 0; i < this.#size.contacts; i++) {
      const id = this.#newUuid()
      const name = `Customer ${i}`
      const email = `customer${i}@mail.example`
      this.#contacts.push({ id, text: idText('ctc', id), name })
      this.#insert('contacts', {
        workspace: bytesOf(this.#frame.workspace),
        id,
        name,
        email,
        email_key: email,
        created_at: this.#at.now,
      })
    }
  }

  /** From here on the feed is kept; what was before it has been let go of. */
  #forgetFeed(): void {
    this.#db.exec('delete from feed_events')
    this.#tail = this.#head
  }

  #tell(
    conversation: Uint8Array,
    event: {
      type: string
      body: object
      actor: string
      contact: Uint8Array | null
      place: Uint8Array
    },
  ): void {
    this.#head += 1
    if (this.#tail === 0) return
    this.#insert('events', {
      workspace: bytesOf(this.#frame.workspace),
      position: this.#head,
      at: this.#at.now,
      actor: event.actor,
      type: event.type,
      place: event.place,
      conversation,
      contact: event.contact,
      only_actor: null,
      body: JSON.stringify(event.body),
    })
  }

  /** One conversation with its messages; answers how many. */
  #addConversation(index: number, length: number): number {
    const random = this.#random
    const startedMs =
      this.#nowMs -
      2 * yearMs +
      Math.floor((index / this.#size.conversations) * 2 * (yearMs - dayMs))
    this.#at.now = startedMs
    const id = this.#newUuid()
    const inbox = random.pick(this.#frame.inboxes)
    const place = bytesOf(inbox.id)
    const contact = random.pick(this.#contacts)
    const member = random.pick(this.#frame.members)
    let state: Conversation = unsaid(
      random.pick(this.#texts).slice(0, 60).replaceAll('\n', ' '),
      startedMs,
      'theirs',
    )
    const tell = (type: string, body: object, actor: string, told: boolean): void =>
      this.#tell(id, { type, body, actor, contact: told ? contact.id : null, place })
    const act = (command: Command, by: string): void => {
      const decision = decide(state, command, this.#at.now, inbox.answerMinutes)
      if (!decision.ok) throw new Error(decision.refusal.message)
      state = decision.value.state
      for (const { type, body, contacts } of decision.value.happenings)
        tell(type, body, by, contacts)
    }
    tell('conversation.opened', {}, contact.text, true)

    for (let number = 1; number <= length; number++) {
      if (number > 1) this.#at.now += Math.ceil(-0.02 * dayMs * Math.log(1 - random.unit()))
      const side = number === 1 || random.chance(0.5) ? 'theirs' : 'ours'
      const kind = side === 'ours' && random.chance(0.2) ? 'note' : 'reply'
      const [author, authorName] =
        side === 'ours' ? [member.id, member.name] : [contact.text, contact.name]
      act({ type: 'say', kind, side }, author)
      const message = this.#newUuid()
      const text = random.pick(this.#texts)
      this.#insert('messages', {
        conversation: id,
        number,
        id: message,
        workspace: bytesOf(this.#frame.workspace),
        kind,
        author,
        author_name: authorName,
        text,
        at: this.#at.now,
        revision: 0,
        reply_number: kind === 'reply' ? state.replyCount : 0,
        client: this.#newUuid(),
        sent_hash: hash('sha256', text, 'buffer'),
        files: null,
        small_talk: 0,
      })
      tell('message.posted', { message: idText('msg', message), kind }, author, kind === 'reply')
    }
    this.#end(index, member.id, act)
    this.#insert('conversations', {
      id,
      workspace: bytesOf(this.#frame.workspace),
      inbox: place,
      contact: contact.id,
      created_at: startedMs,
      ...columnsOf(state),
    })
    this.#take(id, contact.text, startedMs, state.replyCount)
    this.#take(id, member.id, startedMs, random.below(length + 1))
    return length
  }

  /** Nearly all old ones are resolved; of the newer ones some wait and some are paused. */
  #end(index: number, by: Id<'mbr'>, act: (command: Command, by: string) => void): void {
    const age = 1 - index / this.#size.conversations
    if (this.#random.chance(age > 0.05 ? 0.9 : 0.3)) act({ type: 'resolve', by }, by)
    else if (this.#random.chance(0.3)) {
      act({ type: 'pause', side: 'ours', by, until: null, reason: 'later' }, by)
    }
  }

  #take(conversation: Uint8Array, actor: string, joinedAt: number, cursor: number): void {
    this.#insert('participants', { conversation, actor, joined_at: joinedAt, cursor })
  }
}
