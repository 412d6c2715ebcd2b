import type { ConversationId } from '@fermata/base/ids'
import type { SeededRandom } from '@fermata/testkit/random'
import type { Person } from './inbox.people.ts'
import { newClientId } from './world.ts'

/** What happens in conversations while others look at their lists, most often first. */
const kinds = [
  'reply',
  'urgency',
  'resolve',
  'reopen',
  'pause',
  'resume',
  'take',
  'release',
] as const
const weights = [6, 3, 3, 3, 2, 2, 1, 1]
const deck = kinds.flatMap((kind, at) => Array.from({ length: weights[at]! }, () => kind))

/** Changes conversations as a team at work does, by apps that take turns. */
export class Changes {
  readonly #apps: readonly Person[]
  readonly #conversations: readonly ConversationId[]
  readonly #texts: readonly string[]
  readonly #random: SeededRandom
  /** Changes that were made, and those that the conversation's state did not allow. */
  done = 0
  refused = 0

  constructor(
    apps: readonly Person[],
    conversations: readonly ConversationId[],
    texts: readonly string[],
    random: SeededRandom,
  ) {
    this.#apps = apps
    this.#conversations = conversations
    this.#texts = texts
    this.#random = random
  }

  /** Makes one change; answers when it is on disk. */
  async make(turn: number): Promise<void> {
    const app = this.#apps[turn % this.#apps.length]!
    const [method, way, body] = this.#change()
    const path = `/v1/conversations/${this.#random.pick(this.#conversations)}/${way}`
    const { status, body: said } = await app.ask(method, path.replace(/\/$/, ''), body)
    if (status < 300) this.done += 1
    else if (status === 409) this.refused += 1
    else throw new Error(`${method} ${path} was answered ${status}: ${said}`)
  }

  #change(): [method: string, path: string, body?: object] {
    const random = this.#random
    switch (random.pick(deck)) {
      case 'reply':
        return ['POST', 'messages', { client: newClientId(), text: random.pick(this.#texts) }]
      case 'urgency':
        return ['PATCH', '', { urgency: random.pick(['low', 'normal', 'high', 'urgent']) }]
      case 'resolve':
        return ['PUT', 'resolution']
      case 'reopen':
        return ['DELETE', 'resolution']
      case 'pause':
        return ['PUT', 'pause', {}]
      case 'resume':
        return ['DELETE', 'pause']
      case 'take':
        return ['PUT', 'lease', {}]
      case 'release':
        return ['DELETE', 'lease']
    }
  }
}
