import type { ConversationId } from '@fermata/base/ids'
import type { Client } from './client.ts'
import { OutboxDriver } from './outbox.driver.ts'
import type { Entry } from './outbox.entries.ts'
import type { Outbox, OutboxOptions, OutboxStorage, SendEntry } from './outbox.port.ts'

export type { Entry, OpenSend, PostSend } from './outbox.entries.ts'
export type {
  Accepted,
  NewOpen,
  NewPost,
  Outbox,
  OutboxOptions,
  OutboxStorage,
  Said,
  SendEntry,
} from './outbox.port.ts'

/** Makes an outbox, and begins with what a former run left in its storage. */
export function createOutbox(options: OutboxOptions): Outbox {
  return new OutboxDriver(options, options.send ?? sendBy(options.client))
}

/** Sends entries by a client's plain calls. */
export function sendBy(client: Client): SendEntry {
  return ({ send }) =>
    send.kind === 'open'
      ? client.conversations.open({ body: send.body })
      : client.messages.post({
          params: { conversation: send.to as ConversationId },
          body: send.body,
        })
}

/** A storage that lasts as long as the program: for programs that keep nothing, and for tests. */
export function memoryStorage(): OutboxStorage {
  const kept = new Map<string, Entry>()
  return {
    load: () => Promise.resolve([...kept.values()]),
    save: (entry) => Promise.resolve(void kept.set(entry.id, entry)),
    remove: (id) => Promise.resolve(void kept.delete(id)),
  }
}
