import type { Cancel } from '@fermata/base/clock'
import { limits } from '@fermata/base/limits'
import { refusal, type Refusal } from '@fermata/contract/errors'
import type { AnyEvent, Frame, Presence } from '@fermata/contract/events.schema'
import { fraction, type Connection } from './connection.ts'
import type { Carrier, Closed, OpenCarrier } from './feed.carrier.ts'
import { openSocket } from './feed.socket.ts'
import { openStream } from './feed.stream.ts'
import { backOffMs } from './retry.ts'

/**
 * How following goes. `connecting`: on the way, or being told what was missed; `live`: all of that has
 * been told; `waiting`: cut off, and will try again; `ended`: stopped, signed out or refused, and will not.
 */
export type FeedState = 'connecting' | 'live' | 'waiting' | 'ended'

/** By what the feed comes. */
export type Transport = 'socket' | 'stream'

/** What follows the feed, and from where. */
export interface FollowOptions {
  /** The position to go on from: every later event comes, once and in order. Absent: from now on. */
  readonly since?: number
  /** `socket` where there is a WebSocket, else `stream`. */
  readonly transport?: Transport
  /** New events (none when only the position has advanced) and how far the feed has been scanned. */
  onEvents(events: readonly AnyEvent[], position: number): void
  /** What came before is too old to be told: fetch afresh. The feed goes on from `position`. */
  onReset(position: number): void
  /** Somebody writes, or looks at something, at this moment. */
  onPresence?(presence: Presence): void
  /** The state has changed. `refusal` says why it ended, when the server ended it. */
  onState?(state: FeedState, refusal: Refusal | null): void
}

/** A feed that is being followed. */
export interface Following {
  /** Says that the network may be back (`online`, a page that is visible again): tries at once. */
  wake(): void
  /** Ends it. No handler is called any more. */
  stop(): void
  readonly state: FeedState
  /** How far the feed has been scanned; null until the server said so. */
  readonly position: number | null
}

/** Follows the feed: through every gap, from the position it had. */
export function follow(connection: Connection, options: FollowOptions): Following {
  const follower = new Follower(connection, options)
  follower.connect()
  return follower
}

class Follower implements Following {
  readonly #connection: Connection
  readonly #options: FollowOptions
  readonly #open: OpenCarrier
  #state: FeedState | null = null
  #position: number | null
  #carrier: Carrier | null = null
  #cancelTimer: Cancel = () => {}
  #failures = 0
  #heardAt = 0

  constructor(connection: Connection, options: FollowOptions) {
    this.#connection = connection
    this.#options = options
    this.#position = options.since ?? null
    const hasSocket = 'WebSocket' in globalThis
    const transport = options.transport ?? (hasSocket ? 'socket' : 'stream')
    this.#open = transport === 'socket' ? openSocket : openStream
  }

  get state(): FeedState {
    return this.#state ?? 'connecting'
  }

  get position(): number | null {
    return this.#position
  }

  connect(): void {
    this.#say('connecting')
    if (this.#state === 'ended') return
    this.#within(limits.feedConnectMsMax)
    // What an older carrier still says is no longer listened to.
    const carrier: Carrier = this.#open(this.#connection, this.#position, {
      opened: () => this.#hear(carrier),
      heard: (text) => this.#take(carrier, text),
      closed: (why) => this.#lose(carrier, why),
    })
    this.#carrier = carrier
  }

  wake(): void {
    // A machine that slept knows by the wall clock that its connection must be dead.
    const silentMs = this.#connection.clock.now() - this.#heardAt
    const isDead = this.#state === 'live' && silentMs > 1.5 * limits.heartbeatMs
    if (this.#state !== 'waiting' && !isDead) return
    this.#letGo()
    this.connect()
  }

  stop(): void {
    if (this.#state !== 'ended') this.#end()
  }

  /** Something was heard: the connection lives, and silence is counted from now. */
  #hear(from: Carrier): void {
    if (from !== this.#carrier) return
    this.#heardAt = this.#connection.clock.now()
    this.#within(limits.feedSilenceMsMax)
  }

  #take(from: Carrier, text: string): void {
    if (from !== this.#carrier) return
    const frame = parse(text)
    if (frame === null) {
      this.#drop(null)
      return
    }
    this.#hear(from)
    this.#failures = 0
    // A handler may stop the following when it hears that it is live.
    if (from === this.#carrier) this.#guarded(() => this.#act(frame))
  }

  #act(frame: Frame): void {
    switch (frame.type) {
      case 'events':
        return this.#advance(frame.events, frame.position)
      case 'heartbeat':
        // The first one comes when everything that was missed has been told.
        this.#advance([], frame.position)
        return this.#say('live')
      case 'reset':
        this.#position = frame.position
        return this.#options.onReset(frame.position)
      case 'presence':
        return this.#options.onPresence?.(frame.presence)
      case 'ended':
        return this.#refused(refusal('not_signed_in'))
    }
  }

  #advance(events: readonly AnyEvent[], position: number): void {
    const known = this.#position ?? -1
    const fresh = events.filter((event) => event.position > known)
    const reached = Math.max(known, position, fresh.at(-1)?.position ?? 0)
    if (reached === known) return
    this.#position = reached
    this.#options.onEvents(fresh, reached)
  }

  #lose(from: Carrier, why: Closed): void {
    if (from !== this.#carrier) return
    if (why.refusal === null) return this.#drop(why.retryAfterMs)
    this.#refused(why.refusal)
  }

  /** Lets the connection go and comes back later. */
  #drop(retryAfterMs: number | null): void {
    this.#letGo()
    this.#failures += 1
    const delayMs = Math.max(
      backOffMs(this.#failures, fraction(this.#connection.random)),
      Math.min(retryAfterMs ?? 0, limits.retryAfterMsMax),
    )
    this.#cancelTimer = this.#connection.clock.after(delayMs, () => this.connect())
    this.#say('waiting')
  }

  #within(ms: number): void {
    this.#cancelTimer()
    this.#cancelTimer = this.#connection.clock.after(ms, () => this.#drop(null))
  }

  /** Ends everything; then tells why, unless whoever follows ended it. */
  #end(): void {
    this.#state = 'ended'
    this.#letGo()
  }

  #letGo(): void {
    this.#cancelTimer()
    this.#carrier?.close()
    this.#carrier = null
  }

  #refused(why: Refusal): void {
    this.#end()
    this.#guarded(() => this.#options.onState?.('ended', why))
  }

  #say(state: FeedState): void {
    if (this.#state === state) return
    this.#state = state
    this.#guarded(() => this.#options.onState?.(state, null))
  }

  /**
   * Runs a handler. One that throws has lost events, so the following ends, and the exception goes where
   * uncaught ones go; what carries the feed must not swallow it.
   */
  #guarded(run: () => void): void {
    try {
      run()
    } catch (error) {
      this.#end()
      queueMicrotask(() => {
        throw error
      })
    }
  }
}

function parse(text: string): Frame | null {
  try {
    return JSON.parse(text) as Frame
  } catch {
    return null
  }
}
