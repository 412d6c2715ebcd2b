import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Caller } from '@fermata/contract/actors'
import type { Connection } from '@fermata/people/handler'
import { readCookie, sessionCookie, sessionCookieName } from './cookies.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** What the server knows of this request besides its text; null before it was entered. */
    visit: Visit | null
  }
}

/** A request on its way through the server: when it came, from where, and from whom. */
export class Visit implements Connection {
  readonly address: string
  readonly startedMs: number
  /** The route's name in the table, for figures. */
  readonly route: string
  readonly #request: FastifyRequest
  readonly #reply: FastifyReply
  readonly #secure: boolean
  caller: Caller | null = null

  constructor(
    exchange: { request: FastifyRequest; reply: FastifyReply },
    facts: { address: string; startedMs: number; route: string; secure: boolean },
  ) {
    this.#request = exchange.request
    this.#reply = exchange.reply
    this.#secure = facts.secure
    this.address = facts.address
    this.startedMs = facts.startedMs
    this.route = facts.route
  }

  get agent(): string {
    return this.#request.headers['user-agent'] ?? ''
  }

  get sessionCookie(): string | null {
    return readCookie(this.#request.headers.cookie, sessionCookieName)
  }

  get gone(): AbortSignal {
    const cut = new AbortController()
    this.#reply.raw.once('close', () => cut.abort())
    return cut.signal
  }

  setSessionCookie(value: string | null): void {
    void this.#reply.header('set-cookie', sessionCookie(value, this.#secure))
  }
}
