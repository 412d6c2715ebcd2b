import type { Clock } from '@fermata/base/clock'
import type { ConversationId } from '@fermata/base/ids'
import { createClient, type Client } from '@fermata/sdk/client'
import { createOutbox, type Outbox, type SendEntry } from '@fermata/sdk/outbox'
import type { FromPage } from '../link.ts'
import type { Readable } from './cell.ts'
import { greeterBy, learnt, type Facts, type Learnt } from './facts.ts'
import { proverBy, type Prover } from './identity.ts'
import { keptBy, type Kept } from './kept.ts'
import { lockBy } from './lock.ts'
import { keptOutbox } from './outbox.ts'
import type { Page } from './page.ts'
import { visitorBy, type Surroundings, type Visitor } from './visitor.ts'

/** Everything behind the screen that is there before it: one visitor of one inbox. */
export interface Session {
  readonly client: Client
  readonly outbox: Outbox
  readonly kept: Kept
  readonly facts: Readable<Facts>
  /** Asks for the inbox's words, if that was not done. */
  readonly greet: () => void
  /** Becomes a visitor without a word, for somebody whom the host has named. */
  readonly findMine: () => Promise<void>
  /** Becomes a visitor who is about to send a file; false when that must wait. */
  readonly meet: () => Promise<boolean>
  /** Does what the page says. */
  readonly hear: (message: FromPage) => void
  /** The network may be back, or the page is visible again. */
  readonly wake: () => void
  /** The server no longer knows the visitor. */
  readonly lost: () => void
}

/** What a session is made from. */
export interface SessionParts extends Surroundings {
  readonly page: Page
  readonly clock: Clock
  readonly key: string
  readonly url: string
  /** Begins again from what is stored. */
  readonly restart: () => void
  /** Tells the host's developers of a mistake of theirs. */
  readonly report: (error: Error) => void
}

/** Starts a session: sends what is left unsent, and knows whether there is a visitor. */
export function startSession(parts: SessionParts): Session {
  const { page, clock, key, restart } = parts
  const kept = keptBy(page)
  const client = createClient({ url: parts.url, clock, token: () => kept.get('token') })
  const visitor = visitorBy(client, key, kept, lockBy(page, kept.learn), parts)
  const facts = learnt({ met: false, named: page.hello.identity !== null, shown: page.hello.shown })
  const prover = proverBy(client, page.hello.identity, {
    proven(contact) {
      if (visitor.is(contact) && facts.getState().met) restart()
    },
    // Whoever was here before has left without the host saying so: nothing of theirs is shown.
    conflicting() {
      for (const name of kept.names('')) kept.set(name, null)
      restart()
    },
    refused: (why) => parts.report(new Error(`Fermata: the identity was refused: ${why}`)),
  })
  let begun: Promise<void> | undefined
  const begin = (): Promise<void> =>
    (begun ??= prover.prove().then(() => facts.know({ met: true })))
  const outbox = createOutbox({
    client,
    storage: keptOutbox(kept),
    send: afterMeeting(visitor, begin, sendOnce(client)),
  })
  if (visitor.token() !== null) void begin()
  const meet = async (): Promise<boolean> => {
    if (!(await visitor.become()).ok) return false
    await begin()
    return true
  }
  return {
    client,
    outbox,
    kept,
    facts,
    greet: greeterBy(client, key, clock, facts),
    async findMine() {
      await meet()
    },
    meet,
    hear: hearer({ kept, visitor, facts, prover, begin, restart }),
    wake() {
      outbox.wake()
      void prover.prove()
    },
    lost() {
      visitor.lose()
      restart()
    },
  }
}

/** One attempt each: the outbox tries again by itself, and at once when the network is back. */
function sendOnce(client: Client): SendEntry {
  return ({ send }) =>
    send.kind === 'open'
      ? client.conversations.open({ body: send.body }, { retry: false })
      : client.messages.post(
          { params: { conversation: send.to as ConversationId }, body: send.body },
          { retry: false },
        )
}

/** Sends once there is a visitor who says it. */
function afterMeeting(visitor: Visitor, begin: () => Promise<void>, send: SendEntry): SendEntry {
  return async (entry) => {
    const met = await visitor.become()
    if (!met.ok) return met
    await begin()
    return send(entry)
  }
}

interface Hearing {
  readonly kept: Kept
  readonly visitor: Visitor
  readonly facts: Learnt
  readonly prover: Prover
  readonly begin: () => Promise<void>
  readonly restart: () => void
}

function hearer({ kept, visitor, facts, prover, begin, restart }: Hearing): Session['hear'] {
  return (message) => {
    switch (message.type) {
      case 'show':
        return facts.know({ shown: true })
      case 'hide':
        return facts.know({ shown: false })
      case 'identify':
        prover.learn(message.identity)
        facts.know({ named: true })
        return void prover.prove()
      case 'stored': {
        const before = visitor.token()
        kept.learn({ [message.name]: message.value })
        const now = visitor.token()
        if (now === before) return
        // There is another visitor now, or none.
        if (before !== null) return restart()
        visitor.met()
        return void begin()
      }
      case 'locked':
      // Whoever asked for the lock hears of it.
    }
  }
}
