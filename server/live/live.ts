import { channel } from 'node:diagnostics_channel'
import type { Clock } from '@fermata/base/clock'
import type { Caller } from '@fermata/contract/actors'
import type { LiveFeed } from '@fermata/people/feed/index'
import type { Credentials, Doors } from '../http/ports.ts'
import { openLiveness, type Liveness } from './liveness.ts'
import { openSeats, type Seats } from './seats.ts'

/** Tracing: published when a live reader comes or goes, with how many there are. */
export const readersChannel = channel('fermata:readers')

/** What both ways of following the feed share. */
export interface Live {
  readonly feed: LiveFeed
  readonly seats: Seats
  readonly liveness: Liveness
  /** Whether these credentials still stand for this caller. */
  holds(caller: Caller, credentials: Credentials | null): Promise<boolean>
}

/** Opens the live side over a feed. */
export function openLive(feed: LiveFeed, clock: Clock, authenticate: Doors['authenticate']): Live {
  return {
    feed,
    seats: openSeats(),
    liveness: openLiveness(clock),
    async holds(caller, credentials) {
      const known = credentials === null ? null : await authenticate(credentials)
      return known !== null && known.id === caller.id
    },
  }
}

/** Reads a position as a client sends it: `undefined` when it is none, null when nothing was sent. */
export function readPosition(text: string | null | undefined): number | null | undefined {
  if (text === null || text === undefined || text === '') return null
  return /^[0-9]{1,15}$/.test(text) ? Number(text) : undefined
}
