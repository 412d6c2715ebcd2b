import assert from 'node:assert/strict'
import { systemClock } from '@fermata/base/clock'
import { uuidText, uuidv7Generator } from '@fermata/base/ids'
import type { Scope } from '@fermata/contract/actors'
import type { AnyEvent } from '@fermata/contract/events.schema'
import { limits } from '@fermata/base/limits'
import type { SeededRandom } from '@fermata/testkit/random'
import { owner } from '@fermata/testkit/server'
import { ask, bearer, mustAsk, signIn, type Credentials } from './asking.ts'
import type { Fact } from './seen.ts'

const clock = systemClock()
const newUuid = uuidv7Generator(clock, (bytes) => crypto.getRandomValues(bytes))

/** A client's own id for what it sends. */
export function newClientId(): string {
  return uuidText(newUuid())
}

/** Who talks, and where. */
export interface Stage {
  readonly owner: Credentials
  /** Apps, one for each client that posts. */
  readonly apps: readonly Credentials[]
  readonly visitor: Credentials
  readonly conversations: readonly string[]
  /** The request for a secret that is kept under seal. */
  readonly secretRequest: string
}

const scopes: readonly Scope[] = ['conversations:read', 'conversations:write', 'feed:read']

/** Sets a stage in a new workspace. */
export async function setStage(
  url: string,
  size: { readonly apps: number; readonly conversations: number },
): Promise<Stage> {
  const asOwner = await signIn(url, owner)
  const apps: Credentials[] = []
  for (let i = 0; i < size.apps; i++) {
    const body = { name: `client ${i}`, scopes }
    const { token } = await mustAsk<'apps.add'>(url, 'POST /v1/apps', asOwner, body)
    apps.push(bearer(token))
  }
  const inboxBody = { name: 'Proof', medium: 'widget' }
  const inbox = await mustAsk<'inboxes.add'>(url, 'POST /v1/inboxes', asOwner, inboxBody)
  const made = await mustAsk<'visitors.add'>(url, `POST /v1/widget/${inbox.key}/visitors`, {}, {})
  const conversations: string[] = []
  for (let i = 0; i < size.conversations; i++) {
    const message = { client: newClientId(), text: `The first word of conversation ${i}.` }
    const body = { inbox: inbox.id, contact: made.contact.id, message }
    const opened = await mustAsk<'conversations.open'>(url, 'POST /v1/conversations', asOwner, body)
    conversations.push(opened.conversation.id)
  }
  const secretRequest = `GET /v1/inboxes/${inbox.id}/secret`
  await mustAsk(url, secretRequest, asOwner)
  return { owner: asOwner, apps, visitor: bearer(made.token), conversations, secretRequest }
}

/** A message that was acknowledged, with all that is needed to send it once more. */
export interface Acknowledged {
  readonly as: Credentials
  readonly path: string
  readonly body: { readonly client: string; readonly text: string }
  readonly fact: Extract<Fact, { kind: 'message' }>
}

/** Where the server is; a promise while it is down. */
export type Whereabouts = () => Promise<string>

/** Whether an error says that the server was gone, rather than that something is wrong. */
function wasCutOff(error: unknown): boolean {
  return error instanceof TypeError && /fetch failed|terminated/.test(error.message)
}

/** Sends a message until it is acknowledged, always with the same client id. */
export async function post(
  where: Whereabouts,
  { as, path, body }: Pick<Acknowledged, 'as' | 'path' | 'body'>,
): Promise<Acknowledged> {
  for (;;) {
    const url = await where()
    try {
      const answer = await ask(url, `POST ${path}`, as, body)
      if (answer.status === 503) continue
      if (answer.status === 429) {
        // A fast machine says more in a minute than one app may; the server tells when to go on.
        const waitMs = Number(answer.headers.get('retry-after')) * 1_000
        assert.ok(waitMs > 0 && waitMs <= limits.sendWindowMs, `to be tried again in ${waitMs} ms`)
        await new Promise<void>((go) => clock.after(waitMs, go))
        continue
      }
      assert.ok(answer.status < 300, `${answer.status} ${JSON.stringify(answer.body)}`)
      const { message } = answer.body as { message: Acknowledged['fact'] }
      const { id, number, client, text, conversation } = message
      assert.deepEqual({ client, text }, body)
      return { as, path, body, fact: { kind: 'message', id, number, client, text, conversation } }
    } catch (error) {
      if (!wasCutOff(error)) throw error
    }
  }
}

/** What clients do until they are told to stop. */
export interface Talk {
  readonly acknowledged: Acknowledged[]
  /** Tells the clients to stop; resolves when each has its last answer. */
  stop(): Promise<void>
}

/** Lets each app post without a pause, and now and then repeat what it posted before. */
export function startTalk(
  where: Whereabouts,
  stage: Stage,
  { random, wordsMax }: { readonly random: SeededRandom; readonly wordsMax: number },
): Talk {
  const acknowledged: Acknowledged[] = []
  const phase = { over: false }
  const client = async (as: Credentials): Promise<void> => {
    while (!phase.over) {
      const id = newClientId()
      const path = `/v1/conversations/${random.pick(stage.conversations)}/messages`
      const text = `${id} ${'word '.repeat(random.below(wordsMax))}`.trim()
      const first = await post(where, { as, path, body: { client: id, text } })
      acknowledged.push(first)
      if (!random.chance(0.1)) continue
      const again = await post(where, random.pick([first, acknowledged[0] ?? first]))
      assert.ok(acknowledged.some(({ fact }) => fact.id === again.fact.id))
    }
  }
  const running = Promise.all(stage.apps.map(client))
  // Whoever stops hears of a failure; before that it must not end the process as unheard.
  running.catch(() => undefined)
  return {
    acknowledged,
    async stop() {
      phase.over = true
      await running
    },
  }
}

/** Reads the feed on from where it was, over crashes; every event must come once and in order. */
export class FeedReader {
  readonly events: AnyEvent[] = []
  position = 0
  readonly #as: Credentials

  constructor(as: Credentials) {
    this.#as = as
  }

  /** Reads up to the present end of the feed. */
  async readOn(url: string): Promise<void> {
    for (;;) {
      const request = `GET /v1/feed?since=${this.position}&limit=${limits.feedPageEventsMax}`
      const page = await mustAsk<'feed.read'>(url, request, this.#as)
      assert.equal(page.reset, false, 'nobody is told to begin anew')
      for (const event of page.events) {
        assert.ok(event.position > this.position, 'the feed goes forward')
        this.position = event.position
        this.events.push(event)
      }
      assert.ok(page.position >= this.position)
      this.position = page.position
      if (page.events.length === 0) return
    }
  }
}
