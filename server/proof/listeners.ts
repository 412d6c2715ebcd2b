import assert from 'node:assert/strict'
import { limits } from '@fermata/base/limits'
import type { AnyEvent } from '@fermata/contract/events.schema'
import type { Answer } from '@fermata/contract/routes.schema'
import { WebSocket } from 'ws'
import { ask, type Credentials } from './asking.ts'

/** What somebody got through one of the doors of the feed, or the status by which they were refused. */
export interface Heard {
  readonly refused: number | null
  readonly events: readonly AnyEvent[]
  /** Everything as it came, to be searched. */
  readonly text: string
}

/** Frames as they come: until one says that the reader is as far as the feed. */
class Frames {
  readonly events: AnyEvent[] = []
  text = ''

  /** Takes a frame; answers whether all up to `head` has been scanned for this reader. */
  take(frame: string, head: number): boolean {
    this.text += frame
    const { type, position, events } = JSON.parse(frame) as {
      type: string
      position?: number
      events?: AnyEvent[]
    }
    assert.notEqual(type, 'reset')
    this.events.push(...(events ?? []))
    return position !== undefined && position >= head
  }

  heard(): Heard {
    return { refused: null, events: this.events, text: this.text }
  }
}

function refusedWith(refused: number, text: string): Heard {
  return { refused, events: [], text }
}

/** Everything up to a position, page by page. */
export async function hearPages(url: string, as: Credentials, head: number): Promise<Heard> {
  const frames = new Frames()
  for (let since = 0; ;) {
    const request = `GET /v1/feed?since=${since}&limit=${limits.feedPageEventsMax}`
    const { status, body } = await ask(url, request, as)
    if (status !== 200) return refusedWith(status, JSON.stringify(body))
    const page = body as Answer<'feed.read'>
    assert.equal(page.reset, false)
    assert.ok(page.position > since, 'a page goes forward')
    const over = frames.take(JSON.stringify({ type: 'events', ...page }), head)
    if (over) return frames.heard()
    since = page.position
  }
}

/** Everything up to a position, by WebSocket. */
export function hearSocket(url: string, as: Credentials, head: number): Promise<Heard> {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/v1/feed/socket?since=0`, {
    headers: 'cookie' in as ? { ...as, origin: url } : as,
  })
  const frames = new Frames()
  return new Promise((resolve, reject) => {
    socket.on('message', (data: Buffer) => {
      if (!frames.take(data.toString(), head)) return
      socket.terminate()
      resolve(frames.heard())
    })
    socket.on('unexpected-response', (_, answer) => {
      let text = ''
      answer.on('data', (chunk: Buffer) => (text += chunk.toString()))
      answer.on('end', () => resolve(refusedWith(answer.statusCode ?? 0, text)))
    })
    socket.on('error', reject)
    socket.on('close', () => reject(new Error('the socket was closed early')))
  })
}

/** Everything up to a position, by an event stream. */
export async function hearStream(url: string, as: Credentials, head: number): Promise<Heard> {
  const origin = 'cookie' in as ? { origin: url } : {}
  const answer = await fetch(`${url}/v1/feed?since=0`, {
    headers: { ...as, ...origin, accept: 'text/event-stream' },
  })
  if (answer.status !== 200) return refusedWith(answer.status, await answer.text())
  const frames = new Frames()
  let rest = ''
  const decoder = new TextDecoder()
  for await (const piece of answer.body ?? []) {
    const events = (rest + decoder.decode(piece, { stream: true })).split('\n\n')
    rest = events.pop() ?? ''
    for (const event of events) {
      const data = /^data: ?(.*)$/m.exec(event)?.[1]
      if (data === undefined || !frames.take(data, head)) continue
      // Leaving the loop cancels the answer, and with it the stream.
      return frames.heard()
    }
  }
  throw new Error('the stream ended early')
}
