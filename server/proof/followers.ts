import { WebSocket } from 'ws'
import type { Credentials } from './asking.ts'

/** Somebody who looks on while others post; what they get stands in the recording. */
export interface Follower {
  /** Frames or pieces that came. */
  got(): number
  close(): void
}

/** Follows the feed over a WebSocket. */
export function followSocket(url: string, as: Credentials): Follower {
  let frames = 0
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/v1/feed/socket?since=0`, {
    headers: 'cookie' in as ? { ...as, origin: url } : as,
  })
  socket.on('message', () => (frames += 1))
  socket.on('error', () => undefined)
  return { got: () => frames, close: () => socket.terminate() }
}

/** Follows the feed over an event stream. */
export function followStream(url: string, as: Credentials): Follower {
  let pieces = 0
  const stop = new AbortController()
  const follow = async (): Promise<void> => {
    const headers = { ...as, accept: 'text/event-stream' }
    const answer = await fetch(`${url}/v1/feed?since=0`, { headers, signal: stop.signal })
    for await (const piece of answer.body ?? []) pieces += piece.length > 0 ? 1 : 0
  }
  // It ends with the server, or when it is closed.
  follow().catch(() => undefined)
  return { got: () => pieces, close: () => stop.abort() }
}
