import { assert, present } from '@fermata/base/assert'
import type { Clock } from '@fermata/base/clock'
import { uuidText, uuidv7Generator, type FillRandom, type LabelId } from '@fermata/base/ids'
import type { Result } from '@fermata/base/result'
import type { ContactActor, MemberActor } from '@fermata/contract/actors'
import type { ContactView } from '@fermata/contract/contacts.schema'
import type { Refusal } from '@fermata/contract/errors'
import type { ConversationRow } from '@fermata/contract/conversations.schema'
import type { InboxView } from '@fermata/contract/places.schema'
import type { Connection } from '@fermata/people/handler'
import type { Rooms } from '../rooms.ts'
import { people, talks, type Colleague, type Step, type Talk } from './story.ts'

/** What the story is told with. */
export interface Telling {
  /** The rooms, on the story's clock. */
  readonly rooms: Rooms
  readonly clock: StoryClock
  readonly random: FillRandom
  /** The owner's sign-in; the colleagues get the same password. */
  readonly owner: { readonly email: string; readonly password: string }
}

const hourMs = 3_600_000

/** A clock that stands where the story is. */
export interface StoryClock extends Clock {
  /** Goes to so many hours before the moment that the story is told. */
  goTo(hoursAgo: number): void
}

/** The sign-in of a sample that nobody chose one for. The password is told once, when it is made. */
export function exampleOwner(random: FillRandom): Telling['owner'] {
  const bytes = new Uint8Array(9)
  random(bytes)
  return { email: people.elena.email, password: Buffer.from(bytes).toString('base64url') }
}

/** Makes a clock that can stand in the past; its timers are those of the real one. */
export function storyClock(real: Clock): StoryClock {
  const toldAt = real.now()
  let agoMs = 0
  return {
    now: () => toldAt - agoMs,
    monotonic: () => real.monotonic(),
    after: (delayMs, run) => real.after(delayMs, run),
    goTo(hoursAgo) {
      agoMs = hoursAgo * hourMs
    },
  }
}

/** Nobody is connected: the story is told by the server itself. */
const nowhere: Connection = {
  address: '127.0.0.1',
  agent: 'example',
  sessionCookie: null,
  gone: null,
  setSessionCookie: () => undefined,
}

/** The value of an action that the story knows to be allowed. */
function told<T>(result: Result<T, Refusal>): T {
  assert(result.ok, `the story is refused: ${result.ok ? '' : result.refusal.message}`)
  return result.value
}

/** The shop: its people, its inbox, and what is known of its customers. */
interface Shop {
  readonly members: Readonly<Record<Colleague, MemberActor>>
  readonly inbox: InboxView
}

async function hire(
  { rooms, owner }: Telling,
  boss: MemberActor,
  who: Colleague,
): Promise<MemberActor> {
  const body = { ...people[who], role: 'agent', password: owner.password } as const
  const view = told(
    await rooms.handlers['members.add']({ caller: boss, connection: nowhere, body }),
  )
  return { ...boss, id: view.id, name: view.name, role: view.role }
}

/** Makes the shop: two agents in a team, and one inbox that promises an answer within two hours. */
async function openShop(telling: Telling, elena: MemberActor): Promise<Shop> {
  const { handlers } = telling.rooms
  const asked = { caller: elena, connection: nowhere }
  const members = {
    elena,
    marco: await hire(telling, elena, 'marco'),
    giulia: await hire(telling, elena, 'giulia'),
  }
  const team = told(await handlers['teams.add']({ ...asked, body: { name: 'Shop desk' } }))
  for (const { id } of Object.values(members)) {
    told(await handlers['teams.join']({ ...asked, params: { team: team.id, member: id } }))
  }
  const inboxes = told(await handlers['inboxes.list'](asked))
  const first = present(inboxes.rows[0], 'the first inbox')
  const answerMinutes = { low: 24 * 60, normal: 4 * 60, high: 2 * 60, urgent: 30 }
  const body = {
    name: 'Web shop',
    team: team.id,
    greeting: 'Ask us about clay, glazes and parcels.',
    answerMinutes,
  }
  const inbox = told(
    await handlers['inboxes.change']({ ...asked, params: { inbox: first.id }, body }),
  )
  return { members, inbox }
}

/** The telling, under way. */
interface Stage extends Telling, Shop {
  /** Makes the ids that clients give to what they send. */
  readonly newClient: () => string
}

/** A conversation while it is being told. */
interface Thread {
  readonly talk: Talk
  readonly customer: ContactActor
  row: ConversationRow | null
}

async function meet({ rooms, members, inbox }: Stage, talk: Talk): Promise<Thread> {
  const { elena } = members
  const asked = { caller: elena, connection: nowhere, body: talk.customer }
  const contact: ContactView = told(await rooms.handlers['contacts.add'](asked))
  const { name } = talk.customer
  const { workspace } = elena
  const customer: ContactActor = {
    kind: 'contact',
    workspace,
    id: contact.id,
    name,
    inbox: inbox.id,
  }
  return { talk, customer, row: null }
}

/** The labels of these names, which are added where they are new. */
async function labelled(
  { rooms, members }: Stage,
  names: readonly string[],
): Promise<readonly LabelId[]> {
  const ids: LabelId[] = []
  for (const name of names) {
    const asked = { caller: members.elena, connection: nowhere, body: { name } }
    ids.push(told(await rooms.handlers['labels.add'](asked)).id)
  }
  return ids
}

/** Tells one step: whoever takes it calls the same action that their screen would. */
async function tell(stage: Stage, thread: Thread, step: Step): Promise<void> {
  const { rooms, newClient, members, inbox, clock } = stage
  const { handlers, conversations } = rooms
  const { customer, talk } = thread
  if (thread.row === null) {
    assert(step.does === 'ask', 'a conversation begins with a question')
    const message = { client: newClient(), text: step.text }
    const body = { inbox: inbox.id, subject: talk.subject, message }
    const asked = { caller: customer, connection: nowhere, body }
    thread.row = told(await handlers['conversations.open'](asked)).conversation
    return
  }
  const { id } = thread.row
  const who = 'by' in step && step.by !== null ? members[step.by] : customer
  switch (step.does) {
    case 'ask':
    case 'answer':
    case 'note': {
      const kind = step.does === 'note' ? 'note' : 'reply'
      const body = { client: newClient(), kind, text: step.text } as const
      const asked = { caller: who, connection: nowhere, params: { conversation: id }, body }
      told(await handlers['messages.post'](asked))
      return
    }
    case 'sort':
      told(
        await conversations.state.change(who, id, { labels: await labelled(stage, step.labels) }),
      )
      return
    case 'rank':
      told(await conversations.state.change(who, id, { urgency: step.urgency }))
      return
    case 'pause': {
      const until = step.untilHours === null ? null : untilOf(clock, step)
      told(await conversations.state.pause(who, id, { until, reason: step.reason }))
      return
    }
    case 'resolve':
      told(await conversations.state.resolve(who, id))
      return
    case 'reopen':
      told(await conversations.state.reopen(who, id))
  }
}

function untilOf(clock: StoryClock, step: Step & { does: 'pause' }): number {
  return clock.now() + (step.hoursAgo + (step.untilHours ?? 0)) * hourMs
}

/**
 * Fills an empty server with a small shop in the middle of its day: three people, a team, an inbox, and
 * conversations in every state. Everything goes through the rooms' own actions, on a clock that stands
 * where the story is. Answers false, and changes nothing, when there is a workspace already.
 */
export async function fillExample(telling: Telling): Promise<boolean> {
  const { rooms, clock, random, owner } = telling
  const steps = talks.flatMap((talk) => talk.steps.map((step) => ({ talk, step })))
  const inOrder = steps.toSorted((a, b) => b.step.hoursAgo - a.step.hoursAgo)
  clock.goTo(present(inOrder[0], 'the first step').step.hoursAgo + 1)
  const { name } = people.elena
  const elena = await rooms.accounts.createFirst({ ...owner, workspace: 'Argilla', name })
  if (elena === null) return false

  const newUuid = uuidv7Generator(clock, random)
  const newClient = () => uuidText(newUuid())
  const stage: Stage = { ...telling, ...(await openShop(telling, elena)), newClient }
  const threads = new Map<Talk, Thread>()
  for (const { talk, step } of inOrder) {
    clock.goTo(step.hoursAgo)
    const thread = threads.get(talk) ?? (await meet(stage, talk))
    threads.set(talk, thread)
    await tell(stage, thread, step)
  }
  return true
}
