import { ConnectionFailed, type Client } from '@fermata/sdk/client'
import type { Identity } from '../link.ts'

/** Shows the server who the host says the visitor is. */
export interface Prover {
  /** The host has said who it is. */
  readonly learn: (identity: Identity) => void
  /** Proves what has not been proven yet; without a connection it stays to be done. */
  readonly prove: () => Promise<void>
}

/** What comes of proving. */
export interface Proven {
  /** The visitor is this contact now: perhaps one that was known already. */
  readonly proven: (contact: string) => void
  /** The browser holds the conversations of somebody else. */
  readonly conflicting: () => void
  /** The host's signature, or what it signs, is wrong. */
  readonly refused: (why: string) => void
}

export function proverBy(client: Client, first: Identity | null, outcome: Proven): Prover {
  let identity = first
  return {
    learn(next) {
      identity = next
    },
    async prove() {
      const proving = identity
      if (proving === null || client.connection.token() === null) return
      try {
        const answer = await client.identity.prove({ body: proving })
        if (proving !== identity) return
        identity = null
        if (answer.ok) outcome.proven(answer.value.id)
        else if (answer.refusal.code === 'conflict') outcome.conflicting()
        else outcome.refused(answer.refusal.message)
      } catch (error) {
        if (!(error instanceof ConnectionFailed)) throw error
      }
    },
  }
}
