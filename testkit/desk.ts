// A desk in memory that speaks the contract: conversations change at random, its feed tells of it, and its
// answers are what a fresh read would give. For clients, whose merging of the two it puts to the test.

import type { ConversationId, InboxId } from '@fermata/base/ids'
import type { ContactView } from '@fermata/contract/contacts.schema'
import type { ConversationRow, MessageView, MineView } from '@fermata/contract/conversations.schema'
import type { AnyEvent, EventType, Now } from '@fermata/contract/events.schema'
import { compareKeys, inList, sortKey } from '@fermata/contract/lists'
import type { InboxView } from '@fermata/contract/places.schema'
import type { WindowKey } from '@fermata/contract/state'
import type { List } from '@fermata/contract/words'
import type { SeededRandom } from './random.ts'
import { refusing, type Heard, type Reply } from './scripted.ts'

/** Things that this desk has none of. */
const nobodys: readonly (string | undefined)[] = ['members', 'teams', 'labels', 'replies']

/** Who looks at the desk. */
export const me = 'mbr_me'

interface Stored {
  readonly position: number
  readonly type: EventType
  readonly actor: AnyEvent['actor']
  readonly conversation: ConversationId | null
  readonly body: object
  readonly message: number | null
}

const vera = 'ctc_vera'
const contact: ContactView = {
  id: vera,
  name: 'Vera',
  email: null,
  externalId: null,
  identifiedAt: null,
  timeZone: null,
  locale: null,
  createdAt: 0,
  person: null,
}

/** The desk. */
export class Desk {
  readonly rows = new Map<ConversationId, ConversationRow>()
  readonly mine = new Map<ConversationId, MineView>()
  readonly messages = new Map<ConversationId, MessageView[]>()
  readonly visible = new Set<InboxId>(['ibx_0', 'ibx_1'])
  readonly #random: SeededRandom
  readonly #events: Stored[] = []
  #time = 1_000

  constructor(random: SeededRandom) {
    this.#random = random
  }

  /** The position of the newest event. */
  get head(): number {
    return this.#events.length
  }

  /** Something happens. */
  act(): void {
    this.#time += 1 + this.#random.below(5)
    const ids = [...this.rows.keys()]
    if (ids.length < 5 || this.#random.chance(0.1)) {
      this.#open()
      return
    }
    if (this.#random.chance(0.03)) {
      this.#changeAccess()
      return
    }
    const row = this.rows.get(this.#random.pick(ids))!
    const kind = this.#random.below(10)
    if (kind < 4) this.post(row.id, this.#random.pick(['mbr_ana', me, vera]))
    else if (kind < 6) this.#touchMine(row)
    else if (kind < 7) this.#edit(row)
    else this.#change(row)
  }

  /** Somebody says something. */
  post(id: ConversationId, by: 'mbr_ana' | 'mbr_me' | 'ctc_vera', client?: string): MessageView {
    const row = this.rows.get(id)!
    const said = this.messages.get(id) ?? []
    const message: MessageView = {
      id: `msg_${id}_${said.length + 1}`,
      conversation: id,
      number: said.length + 1,
      kind: 'reply',
      author: { kind: by === contact.id ? 'contact' : 'member', id: by, name: by },
      text: `${this.#time}`,
      at: this.#time,
      revision: 0,
      editedAt: null,
      deletedAt: null,
      files: [],
      smallTalk: false,
      client: client ?? `${id} ${said.length + 1}`,
    }
    this.messages.set(id, [...said, message])
    const turn = by === contact.id ? 'ours' : 'theirs'
    this.rows.set(id, {
      ...row,
      status: 'open',
      turn,
      turnSince: this.#time,
      due: turn === 'ours' ? this.#time + this.#random.below(100) : null,
      pause: null,
      resolution: null,
      lastNumber: message.number,
      lastAt: this.#time,
    })
    if (by === me) this.#setMine(id, { cursor: message.number })
    this.#happen('message.posted', id, { message: message.id, kind: 'reply' }, by, message.number)
    return message
  }

  /** The events after a position, up to another, each with what it is about as it is now. */
  events(after: number, upTo: number): AnyEvent[] {
    return this.#events
      .slice(after, upTo)
      .filter(({ conversation }) => conversation === null || this.#sees(conversation))
      .map((stored) => this.#told(stored))
  }

  /** The rows of a list, in order, as a fresh read gives them. */
  list(key: WindowKey): ConversationRow[] {
    return [...this.rows.values()]
      .filter((row) => this.visible.has(row.inbox))
      .filter((row) => key.inbox === null || row.inbox === key.inbox)
      .filter((row) => inList(key.list, row, this.mine.get(row.id), { me, serves: () => true }))
      .toSorted((a, b) => compareKeys(sortKey(key.list, a), sortKey(key.list, b)))
  }

  /** What the HTTP API answers at this moment. */
  answer(request: Heard): Reply {
    const [, , room, id, part] = request.path.split('/')
    const position = this.head
    if (room === 'me') return { body: this.#me() }
    if (room === 'inboxes') return { body: { rows: this.inboxes(), position } }
    if (room === 'channels') return { body: { rows: [], seats: [], position } }
    if (nobodys.includes(room)) return { body: { rows: [], position } }
    if (room !== 'conversations') return refusing('not_found')
    if (id === undefined) return { body: this.#page(request.query) }
    if (id === 'counts') return { body: { counts: this.#counts(), position } }
    const conversation = this.rows.get(id as ConversationId)
    if (conversation === undefined || !this.#sees(conversation.id)) return refusing('not_found')
    if (part === 'messages') return { body: this.#thread(conversation.id, request.query) }
    const mine = this.mine.get(conversation.id) ?? null
    return { body: { conversation, contact, participants: [], mine, position } }
  }

  /** The inboxes that I see. */
  inboxes(): InboxView[] {
    return [...this.visible].toSorted().map((id) => ({
      id,
      name: id,
      medium: 'widget',
      team: null,
      key: `key_${id}`,
      greeting: '',
      origins: [],
      answerMinutes: { low: null, normal: null, high: null, urgent: null },
      createdAt: 0,
    }))
  }

  #sees(id: ConversationId): boolean {
    return this.visible.has(this.rows.get(id)!.inbox)
  }

  #me(): object {
    const member = { id: me, name: 'Me', email: 'me@a', role: 'agent', deactivatedAt: null }
    const workspace = { id: 'wsp_1', name: 'Acme Bikes' }
    return { kind: 'member', workspace, member, contact: null, app: null, position: this.head }
  }

  #page(query: URLSearchParams): object {
    const list = (query.get('list') ?? 'all') as List
    const inbox = query.get('inbox') as InboxId | null
    const all = this.list({ list, inbox, contact: null })
    // The token is the key that the last page ended with, so that it survives changes.
    const token = query.get('page')
    const after = token === null ? null : (JSON.parse(token) as [number, number, string])
    const rest =
      after === null ? all : all.filter((row) => compareKeys(sortKey(list, row), after) > 0)
    const rows = rest.slice(0, Math.min(Number(query.get('limit')), 7))
    const last = rows.at(-1)
    return {
      rows,
      mine: rows.flatMap((row) => this.mine.get(row.id) ?? []),
      contacts: [contact],
      next: rest.length > rows.length && last ? JSON.stringify(sortKey(list, last)) : null,
      position: this.head,
    }
  }

  #thread(id: ConversationId, query: URLSearchParams): object {
    const before = Number(query.get('before') ?? Infinity)
    const said = (this.messages.get(id) ?? []).filter(({ number }) => number < before)
    const messages = said.slice(-5)
    const more = { before: said.length > messages.length, after: false }
    return { messages, more, position: this.head }
  }

  #counts(): object {
    const lists = ['myTurn', 'free', 'ours', 'paused', 'resolved', 'all'] as const
    return Object.fromEntries(
      lists.map((list) => [list, this.list({ list, inbox: null, contact: null }).length]),
    )
  }

  #open(): void {
    const id: ConversationId = `cnv_${String(this.rows.size).padStart(4, '0')}`
    this.rows.set(id, {
      id,
      inbox: this.#random.pick(['ibx_0', 'ibx_1', 'ibx_2']),
      contact: contact.id,
      subject: '',
      status: 'open',
      turn: 'ours',
      turnSince: this.#time,
      due: null,
      urgency: 'normal',
      labels: [],
      lastNumber: 0,
      lastAt: this.#time,
      preview: null,
      pause: null,
      resolution: null,
      lease: null,
      token: 0,
      createdAt: this.#time,
    })
    this.#happen('conversation.opened', id, {}, contact.id)
    this.post(id, vera)
  }

  #change(row: ConversationRow): void {
    const at = this.#time
    const until = this.#random.chance(0.5) ? at + this.#random.below(1_000) : null
    const side = this.#random.pick(['ours', 'theirs'] as const)
    switch (this.#random.below(4)) {
      case 3: {
        const id = this.#random.pick(['mbr_ana', 'mbr_me'] as const)
        const holder = { kind: 'member', id, name: '' } as const
        const lease = row.lease === null ? { holder, since: at, until: at + 9, note: null } : null
        this.rows.set(row.id, { ...row, lease, token: row.token + 1 })
        const held = lease === null ? 'lease.ended' : 'lease.taken'
        return this.#happen(held, row.id, { holder: holder.id, why: 'handed' })
      }
      case 0: {
        const pause = { by: null, side, at, until, reason: '' }
        this.rows.set(row.id, { ...row, status: 'paused', pause, resolution: null })
        return this.#happen('conversation.paused', row.id, { side, until })
      }
      case 1: {
        const resolution = { by: null, at }
        this.rows.set(row.id, {
          ...row,
          status: 'resolved',
          turn: 'nobody',
          pause: null,
          resolution,
        })
        return this.#happen('conversation.resolved', row.id, {})
      }
      default: {
        this.rows.set(row.id, { ...row, subject: `${at}` })
        return this.#happen('conversation.changed', row.id, { fields: ['subject'] })
      }
    }
  }

  #edit(row: ConversationRow): void {
    const said = this.messages.get(row.id) ?? []
    const at = this.#random.below(said.length)
    const message = said[at]
    if (message === undefined) return
    const isDeletion = this.#random.chance(0.5)
    const next = isDeletion
      ? { ...message, text: '', deletedAt: this.#time }
      : { ...message, text: `${this.#time}`, revision: message.revision + 1 }
    this.messages.set(row.id, said.with(at, next))
    const type = isDeletion ? 'message.deleted' : 'message.edited'
    this.#happen(type, row.id, { message: message.id }, 'mbr_ana', message.number)
  }

  #touchMine(row: ConversationRow): void {
    const change = this.#random.pick<Partial<MineView>>([
      { archivedNumber: row.lastNumber },
      { archivedNumber: null, snoozedUntil: null },
      { snoozedUntil: this.#time + 500 },
      { cursor: this.#random.below(row.lastNumber + 1) },
    ])
    this.#setMine(row.id, change)
    this.#happen('mine.changed', row.id, {}, me)
  }

  #setMine(conversation: ConversationId, change: Partial<MineView>): void {
    const known = this.mine.get(conversation)
    const none = { conversation, cursor: 0, archivedNumber: null, snoozedUntil: null }
    this.mine.set(conversation, { ...(known ?? none), ...change })
  }

  #changeAccess(): void {
    const inbox = this.#random.pick(['ibx_0', 'ibx_1', 'ibx_2'] as const)
    if (!this.visible.delete(inbox)) this.visible.add(inbox)
    this.#happen('access.changed', null, {})
  }

  #happen(
    type: EventType,
    conversation: ConversationId | null,
    body: object,
    actor: AnyEvent['actor'] = 'mbr_ana',
    message: number | null = null,
  ): void {
    const position = this.head + 1
    this.#events.push({ position, type, actor, conversation, body, message })
  }

  #told({ message, ...stored }: Stored): AnyEvent {
    const now: { -readonly [K in keyof Now]: Now[K] } = {}
    const id = stored.conversation
    if (id !== null) {
      now.conversation = this.rows.get(id)!
      if (message !== null) now.message = this.messages.get(id)![message - 1]!
      if (stored.type === 'mine.changed') now.mine = this.mine.get(id) ?? null
    } else now.inboxes = this.inboxes()
    // The types of an event and of its body belong together in what was stored.
    return { ...stored, at: stored.position, now } as AnyEvent
  }
}
