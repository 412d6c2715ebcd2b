// The load of the workload `inbox`, in a process of its own: people who look at their lists, page by page,
// and read on, while conversations change; then many who press for the next one at once.

import type { ConversationId, InboxId } from '@fermata/base/ids'
import type { Answer } from '@fermata/contract/routes.schema'
import { lists, type List } from '@fermata/contract/words'
import { randomFrom } from '@fermata/testkit/random'
import { timesOf, type Times } from './figures.ts'
import { Changes } from './inbox.changes.ts'
import { peopleOf, type People, type Person } from './inbox.people.ts'
import { press, type Crowd, type Pressed } from './inbox.next.ts'
import { keepPace } from './pace.ts'
import { chatTexts } from './texts.ts'

/** Once, before anything else. */
export interface SetUpOrder {
  readonly kind: 'set-up'
  readonly port: number
  readonly agents: number
  readonly apps: number
  readonly teams: number
  readonly seed: number
}

/** Looks at lists, counts and marks as read, at these rates a second, while changes go on. */
export interface LookOrder {
  readonly kind: 'look'
  readonly seconds: number
  /** The page that is looked at beside the first; an earlier one where there are not so many. */
  readonly page: number
  readonly changes: number
  readonly pages: number
  readonly widePages: number
  readonly counts: number
  readonly marks: number
}

/** Presses for the next conversation. */
export interface NextOrder {
  readonly kind: 'next'
  /** Ends when so many were taken. */
  readonly enough: number
}

export type InboxOrder = SetUpOrder | LookOrder | NextOrder

/** How long looks took, from when each was due. */
export interface Looked {
  readonly agent: Readonly<Record<List, PageTimes>>
  readonly wide: Readonly<Record<List, PageTimes>>
  /** All pages of each together: of one list alone, a p99 is what one or two looks took. */
  readonly agentPages: Times
  readonly widePages: Times
  readonly counts: Times
  readonly unread: Times
  readonly marks: Times
  readonly changes: { readonly done: number; readonly refused: number }
}

/** A list's first page and one far down. */
export interface PageTimes {
  readonly first: Times
  readonly deep: Times
  /** Which page that was. */
  readonly deepPage: number
}

export type InboxAnswer =
  | { readonly kind: 'ready'; readonly inboxesOfAgent: number; readonly inboxesOfWide: number }
  | { readonly kind: 'looked'; readonly looked: Looked }
  | { readonly kind: 'pressed'; readonly pressed: Pressed }

interface Load {
  readonly people: People
  readonly seed: number
  readonly texts: readonly string[]
}

let load: Load | undefined

async function inboxesOf(person: Person): Promise<InboxId[]> {
  const { rows } = (await person.must('GET', '/v1/inboxes')) as Answer<'inboxes.list'>
  return rows.map(({ id }) => id)
}

async function setUp({ port, seed, ...size }: SetUpOrder): Promise<InboxAnswer> {
  const people = await peopleOf(port, size)
  load = { people, seed, texts: chatTexts(randomFrom(seed), 2_000) }
  const inboxesOfAgent = (await inboxesOf(people.agents[0]!)).length
  const inboxesOfWide = (await inboxesOf(people.wide)).length
  return { kind: 'ready', inboxesOfAgent, inboxesOfWide }
}

/** Two teams, each with half of the apps. */
async function crowdsOf({ wide, agents, apps }: People): Promise<Crowd[]> {
  const everybody = [...agents, ...apps]
  const crowds = [0, 1].map((team) => everybody.filter((_, at) => at % 2 === team))
  crowds[0]!.push(wide)
  return Promise.all(
    crowds.map(async (people) => ({ people, inboxes: await inboxesOf(people[0]!) })),
  )
}

/** A list as people of one kind walk through it. */
class View {
  readonly list: List
  readonly first: number[] = []
  readonly deep: number[] = []
  readonly #who: readonly Person[]
  /** Where the page begins that is far down. */
  #token: string | null = null
  #deepPage = 1

  constructor(list: List, who: readonly Person[]) {
    this.list = list
    this.#who = who
  }

  /** Turns pages until the one that is meant, or the last; answers what was seen on the way. */
  async walk(page: number): Promise<ConversationId[]> {
    const seen: ConversationId[] = []
    for (;;) {
      const { rows, next } = await this.#page(this.#who[0]!, this.#token)
      seen.push(...rows.map(({ id }) => id))
      if (next === null || this.#deepPage === page) return seen
      this.#token = next
      this.#deepPage += 1
    }
  }

  async look(turn: number, deep: boolean, dueMs: number): Promise<void> {
    const person = this.#who[turn % this.#who.length]!
    await this.#page(person, deep ? this.#token : null)
    ;(deep ? this.deep : this.first).push(performance.now() - dueMs)
  }

  async #page(person: Person, token: string | null): Promise<Answer<'conversations.list'>> {
    const page = token === null ? '' : `&page=${token}`
    const path = `/v1/conversations?list=${this.list}${page}`
    return (await person.must('GET', path)) as Answer<'conversations.list'>
  }

  times(): PageTimes {
    return { first: timesOf(this.first), deep: timesOf(this.deep), deepPage: this.#deepPage }
  }
}

type Views = readonly View[]

/** Looks in turns at each list's first page and the one far down. */
function lookIn(views: Views): (turn: number, dueMs: number) => Promise<void> {
  return (turn, dueMs) => {
    const view = views[Math.floor(turn / 2) % views.length]!
    return view.look(Math.floor(turn / 2 / views.length), turn % 2 === 1, dueMs)
  }
}

function timesOfAll(views: Views): Times {
  return timesOf(views.flatMap(({ first, deep }) => [...first, ...deep]))
}

function timesIn(views: Views): Readonly<Record<List, PageTimes>> {
  return Object.fromEntries(views.map((view) => [view.list, view.times()])) as never
}

async function look({ people, texts, seed }: Load, order: LookOrder): Promise<InboxAnswer> {
  const random = randomFrom(seed)
  const { seconds, page } = order
  const [agents, wide] = [
    lists.map(
      (list) =>
        new View(
          list,
          people.agents.filter((_, at) => at % 2 === 0),
        ),
    ),
    lists.map((list) => new View(list, [people.wide])),
  ]
  const seen = new Set<ConversationId>()
  for (const view of [...agents, ...wide]) for (const id of await view.walk(page)) seen.add(id)
  const known = [...seen]
  const changes = new Changes(people.apps, known, texts, random)
  const [counts, unread, marks]: [number[], number[], number[]] = [[], [], []]
  const asking = (path: string, ms: number[]) => async (_: number, dueMs: number) => {
    await people.wide.must('GET', path)
    ms.push(performance.now() - dueMs)
  }
  // Nobody waits for the others to begin.
  const pace = { seconds, phase: () => random.unit() }
  await Promise.all([
    keepPace({ ...pace, perSecond: order.changes, act: (turn) => changes.make(turn) }),
    keepPace({ ...pace, perSecond: order.pages, act: lookIn(agents) }),
    keepPace({ ...pace, perSecond: order.widePages, act: lookIn(wide) }),
    keepPace({ ...pace, perSecond: order.counts, act: asking('/v1/conversations/counts', counts) }),
    keepPace({ ...pace, perSecond: order.counts, act: asking('/v1/channels/unread', unread) }),
    keepPace({
      ...pace,
      perSecond: order.marks,
      async act(turn, dueMs) {
        const path = `/v1/conversations/${random.pick(known)}/cursor`
        await people.wide.must('PUT', path, { number: turn % 2 })
        marks.push(performance.now() - dueMs)
      },
    }),
  ])
  const { done, refused } = changes
  return {
    kind: 'looked',
    looked: {
      agent: timesIn(agents),
      wide: timesIn(wide),
      agentPages: timesOfAll(agents),
      widePages: timesOfAll(wide),
      counts: timesOf(counts),
      unread: timesOf(unread),
      marks: timesOf(marks),
      changes: { done, refused },
    },
  }
}

async function obey(order: InboxOrder): Promise<InboxAnswer> {
  if (order.kind === 'set-up') return setUp(order)
  if (load === undefined) throw new Error('the set-up comes first')
  if (order.kind === 'look') return look(load, order)
  return { kind: 'pressed', pressed: await press(await crowdsOf(load.people), order.enough) }
}

process.on('message', (order: InboxOrder) => {
  obey(order).then(
    (answer) => process.send?.(answer),
    (error: unknown) => {
      console.error(error)
      process.exit(1)
    },
  )
})
process.on('disconnect', () => process.exit(0))
