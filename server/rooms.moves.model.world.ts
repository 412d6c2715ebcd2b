import assert from 'node:assert/strict'
import type { ConversationId, MessageId, MoveId } from '@fermata/base/ids'
import type { Caller } from '@fermata/contract/actors'
import { Refused } from './rooms.world.ts'
import { say, type Desk } from './rooms.desk.world.ts'
import { merge, seen, split, stored, undo } from './rooms.moves.world.ts'

/** A step of a random history: what is done, and two numbers that choose to what. */
export interface Step {
  readonly do: (typeof steps)[number]
  readonly a: number
  readonly b: number
}

export const steps = [
  'customer',
  'answer',
  'note',
  'edit',
  'erase',
  'read',
  'read',
  'archive',
  'snooze',
  'pause',
  'resolve',
  'hold',
  'merge',
  'merge',
  'split',
  'choose',
  'undo',
  'undo',
  'undoAtOnce',
] as const

interface Word {
  readonly id: MessageId
  readonly isNote: boolean
  readonly isTheirs: boolean
}

/** What the model holds of a conversation: its words in order, and whose turn it is. */
interface Talk {
  words: Word[]
  turn: string
}

interface Moved {
  readonly id: MoveId
  readonly kind: 'merge' | 'split'
  readonly source: ConversationId
  readonly target: ConversationId
  readonly went: readonly MessageId[]
  /** The order of everything before a split, and the turns before and right after. */
  readonly before: { readonly words: readonly Word[]; readonly turns: (string | undefined)[] }
  readonly after: { readonly turns: (string | undefined)[]; readonly replies: number[] }
}

/** A model so simple that one sees that it is right, beside the rooms themselves. */
export class Model {
  readonly #desk: Desk
  readonly #talks = new Map<ConversationId, Talk>()
  /** Where an id leads, of those that are no conversation's any more. */
  readonly #led = new Map<ConversationId, ConversationId>()
  readonly #read = new Map<string, Set<MessageId>>()
  readonly #moves: Moved[] = []
  readonly #readers: readonly Caller[]

  constructor(desk: Desk) {
    this.#desk = desk
    this.#readers = [desk.owner, desk.ada, desk.ben, desk.vera]
    for (const { id } of this.#readers) this.#read.set(id, new Set())
  }

  /** The customer begins a conversation. */
  async begin(): Promise<void> {
    const { world, vera, site } = this.#desk
    const message = { client: world.newClient(), text: 'It squeaks.' }
    const opened = await world.call('conversations.open', vera, { body: { inbox: site, message } })
    this.#talks.set(opened.conversation.id, { words: [], turn: 'ours' })
    this.#said(opened.conversation.id, vera, opened.message.id, false)
  }

  /** Does a step in both; one that is refused must change nothing. */
  async step({ do: what, a, b }: Step): Promise<void> {
    this.#held = null
    this.#desk.world.clock.advance(1 + (b % 50_000))
    const id = this.#pick([...this.#talks.keys()], a)
    try {
      await this.#act(what, id, a, b)
    } catch (error) {
      if (!(error instanceof Refused)) throw error
    }
  }

  #pick<T>(some: readonly T[], which: number): T {
    return some[which % some.length]!
  }

  #said(id: ConversationId, by: Caller, message: MessageId, isNote: boolean): void {
    const talk = this.#talks.get(id)!
    const isTheirs = by.kind === 'contact'
    talk.words.push({ id: message, isNote, isTheirs })
    if (!isNote) talk.turn = isTheirs ? 'ours' : 'theirs'
    for (const word of this.#visible(id, by)) this.#read.get(by.id)!.add(word.id)
  }

  #visible(id: ConversationId, by: Caller): Word[] {
    const { words } = this.#talks.get(id)!
    return by.kind === 'contact' ? words.filter(({ isNote }) => !isNote) : words
  }

  async #act(what: Step['do'], id: ConversationId, a: number, b: number): Promise<void> {
    const { world, owner, ada, ben, vera } = this.#desk
    const us = this.#pick([owner, ada, ben], b)
    const params = { conversation: id }
    const talk = this.#talks.get(id)!
    switch (what) {
      case 'customer':
      case 'answer':
      case 'note': {
        const by = what === 'customer' ? vera : us
        const kind = what === 'note' ? { kind: 'note' as const } : {}
        const said = await say(this.#desk, by, id, { text: `${what} ${a} ${b}?`, ...kind })
        return this.#said(id, by, said.message.id, what === 'note')
      }
      case 'edit':
      case 'erase': {
        const message = this.#pick(talk.words, b).id
        const target = { params: { message } }
        if (what === 'erase') await world.call('messages.delete', owner, target)
        else await world.call('messages.edit', us, { ...target, body: { text: `Edited ${a}.` } })
        return
      }
      case 'read':
        return this.#reads(this.#pick(this.#readers, b), id, a)
      case 'archive':
        await world.call('archive.put', us, { params })
        return
      case 'snooze': {
        const until = world.clock.now() + 60_000 + a
        await world.call('snooze.put', us, { params, body: { until } })
        return
      }
      case 'pause': {
        const until = world.clock.now() + 60_000 + b
        const body = a % 2 === 0 ? { until } : {}
        await world.call('conversations.pause', b % 3 === 0 ? vera : us, { params, body })
        return
      }
      case 'resolve':
        await world.call('conversations.resolve', us, { params })
        talk.turn = 'nobody'
        return
      case 'hold':
        await world.call('leases.take', us, { params, body: {} })
        return
      case 'merge':
        return this.#merge(id, this.#pick([...this.#talks.keys()], b))
      case 'split':
        return this.#split(id, talk.words.slice(b % talk.words.length), 'from')
      case 'choose':
        return this.#split(
          id,
          talk.words.filter((_, i) => (b >> (i % 16)) % 2 === 1),
          'messages',
        )
      case 'undo': {
        const move = this.#moves[a % Math.max(1, this.#moves.length)]
        return move === undefined ? undefined : this.#undo(move)
      }
      case 'undoAtOnce':
        return this.#atOnce(id, a, b)
    }
  }

  async #reads(by: Caller, id: ConversationId, a: number): Promise<void> {
    const visible = this.#visible(id, by).map((word) => word.id)
    const read = this.#read.get(by.id)!
    const number = a % (visible.length + 1)
    const cursor = visible.findIndex((one) => !read.has(one))
    const first = cursor < 0 ? visible.length : cursor
    const body = { number }
    await this.#desk.world.call('cursor.put', by, { params: { conversation: id }, body })
    if (number === first) return
    const next = visible[number]
    const isInside = number > first && read.has(visible[number - 1]!) && read.has(next!)
    const isMark = number < first || (next !== undefined && isInside)
    if (isMark) for (const one of visible.slice(number)) read.delete(one)
    for (const one of visible.slice(0, number)) read.add(one)
  }

  async #merge(source: ConversationId, target: ConversationId): Promise<void> {
    if (source === target) return
    const [from, to] = [this.#talks.get(source)!, this.#talks.get(target)!]
    const merged = await merge(this.#desk, source, target)
    const turns = [from.turn, to.turn]
    const words = [...to.words]
    to.words.push(...from.words)
    to.turn = ['ours', 'theirs', 'nobody'].find((turn) => turns.includes(turn))!
    this.#talks.delete(source)
    this.#led.set(source, target)
    this.#moves.push({
      ...{ id: merged.move.id, kind: 'merge', source, target },
      went: from.words.map(({ id }) => id),
      before: { words, turns },
      after: { turns: [undefined, to.turn], replies: [0, replies(to)] },
    })
  }

  async #split(id: ConversationId, went: Word[], how: 'from' | 'messages'): Promise<void> {
    if (went.length === 0) return
    const talk = this.#talks.get(id)!
    const messages = went.map((word) => word.id)
    const what = how === 'from' ? { from: messages[0]! } : { messages }
    const made = await split(this.#desk, id, what)
    const before = { words: [...talk.words], turns: [talk.turn, undefined] }
    talk.words = talk.words.filter((word) => !messages.includes(word.id))
    const part: Talk = { words: went, turn: bySaying(went) }
    if (talk.turn === 'nobody') part.turn = 'nobody'
    else talk.turn = bySaying(talk.words)
    const target = made.conversation.id
    this.#talks.set(target, part)
    this.#moves.push({
      ...{ id: made.move.id, kind: 'split', source: id, target, went: messages, before },
      after: { turns: [talk.turn, part.turn], replies: [replies(talk), replies(part)] },
    })
  }

  async #undo(move: Moved): Promise<void> {
    await undo(this.#desk, move.id)
    const { source, target, went, before, after } = move
    const place = this.#moves.indexOf(move)
    const later = this.#moves.slice(place + 1)
    const isFree = later.every(
      (one) => ![one.source, one.target].some((id) => id === source || id === target),
    )
    assert.ok(isFree, 'a move that another was built upon is not taken back')
    this.#moves.splice(place, 1)
    if (move.kind === 'merge') {
      const to = this.#talks.get(target)!
      const back = went.map((id) => to.words.find((word) => word.id === id)!)
      const hasNews = replies(to) !== after.replies[1]
      to.words = to.words.filter((word) => !went.includes(word.id))
      if (!hasNews && to.turn === after.turns[1]) {
        // What was resolved before stays open in the hands of somebody: the model does not know who holds what.
        if (before.turns[1] === 'nobody') this.#held = { id: target, turn: to.turn }
        to.turn = before.turns[1]!
      }
      this.#talks.set(source, { words: back, turn: before.turns[0]! })
      this.#led.delete(source)
      return
    }
    const [from, part] = [this.#talks.get(source)!, this.#talks.get(target)!]
    const known = new Set(before.words.map(({ id }) => id))
    const isNew = ({ id }: Word) => !known.has(id)
    const turns = [from.turn, part.turn]
    const isAsItWas =
      turns.every((turn, i) => turn === after.turns[i]) &&
      ![...from.words, ...part.words].some(isNew)
    const both = ['ours', 'theirs', 'nobody'].find((turn) => turns.includes(turn))!
    from.turn = isAsItWas ? before.turns[0]! : both
    // Whether something else was done decides in the rooms, too: then both turns together count.
    this.#unsure = isAsItWas ? { id: source, turns: [before.turns[0]!, both] } : null
    from.words = [...before.words, ...from.words.filter(isNew), ...part.words.filter(isNew)]
    this.#talks.delete(target)
    this.#led.set(target, source)
  }

  /** What is resolved again unless somebody holds it. */
  #held: { readonly id: ConversationId; readonly turn: string } | null = null

  #unsure: { readonly id: ConversationId; readonly turns: readonly string[] } | null = null

  /** Does something and takes it back: every row is what it was, byte for byte. */
  async #atOnce(id: ConversationId, a: number, b: number): Promise<void> {
    const before = await stored(this.#desk)
    const other = this.#pick([...this.#talks.keys()], b)
    const words = this.#talks.get(id)!.words
    const done =
      a % 2 === 0
        ? await merge(this.#desk, id, other)
        : await split(this.#desk, id, { from: this.#pick(words, b).id })
    await undo(this.#desk, done.move.id)
    assert.deepEqual(await stored(this.#desk), before, `${done.move.kind} and back`)
    if (done.move.kind === 'split') this.#led.set(done.move.target, id)
  }

  /** The rooms hold what the model holds, for everybody who looks. */
  async check(): Promise<void> {
    for (const [id, talk] of this.#talks) {
      for (const reader of this.#readers) await this.#checkFor(reader, id, talk)
    }
    for (const gone of this.#led.keys()) {
      let end: ConversationId = gone
      for (let next = this.#led.get(end); next !== undefined; next = this.#led.get(end)) end = next
      const look = await seen(this.#desk, this.#desk.owner, gone)
      assert.equal(look.id, end, 'an id leads to where its words are')
    }
  }

  async #checkFor(reader: Caller, id: ConversationId, talk: Talk): Promise<void> {
    const visible = this.#visible(id, reader).map((word) => word.id)
    const look = await seen(this.#desk, reader, id)
    const who = `${reader.id} in ${id}`
    assert.deepEqual(look.ids, visible, `order for ${who}`)
    assert.deepEqual(
      look.numbers,
      visible.map((_, i) => i + 1),
      `numbers for ${who}`,
    )
    const read = visible.filter((one) => this.#read.get(reader.id)!.has(one))
    assert.deepEqual(look.read, read, `read by ${who}`)
    assert.equal(look.unread, visible.length - read.length, `unread of ${who}`)
    assert.equal(look.row.lastNumber, visible.length)
    if (!('turn' in look.row)) return
    if (this.#held?.id === id && look.row.lease !== null) talk.turn = this.#held.turn
    if (this.#unsure?.id === id && this.#unsure.turns.includes(look.row.turn))
      talk.turn = look.row.turn
    assert.equal(look.row.turn, talk.turn, `turn of ${who}`)
  }
}

function replies({ words }: Talk): number {
  return words.filter(({ isNote }) => !isNote).length
}

function bySaying(words: readonly Word[]): string {
  return words.findLast(({ isNote }) => !isNote)?.isTheirs === true ? 'ours' : 'theirs'
}
