import { hash } from 'node:crypto'
import type { MessageBody } from '@fermata/contract/conversations.schema'
import { refusal, type Refusal } from '@fermata/contract/errors'
import type { Speaker } from './access.ts'

/** Somebody else's transaction used the client id first; the action must look again. */
export class Raced extends Error {
  override readonly name = 'Raced'
}

/** What a message is bound to by its client id: a repeat must be the same in all of it. */
export function hashOf(target: string, message: MessageBody): Uint8Array {
  const { kind = 'reply', text, files = [] } = message
  const sent = files.length === 0 ? [target, kind, text] : [target, kind, text, files]
  return hash('sha256', JSON.stringify(sent), 'buffer')
}

/**
 * There must be something to say. And a contact writes replies only; the wording does not tell what else
 * there is. `path` leads to the message in the body.
 */
export function mayWrite(caller: Speaker, said: MessageBody, path: string): Refusal | undefined {
  if (said.text.trim() === '' && (said.files ?? []).length === 0) {
    const message = 'A message needs a text or a file.'
    return refusal('invalid_field', { message, field: `${path}.text` })
  }
  if (caller.kind !== 'contact' || (said.kind ?? 'reply') === 'reply') return undefined
  const message = 'You can write replies only.'
  return refusal('invalid_field', { message, field: `${path}.kind` })
}

/** Tries until no other transaction comes between. */
export async function unlessRaced<T>(attempt: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      if (!(error instanceof Raced)) throw error
    }
  }
}
