import type { Caller } from '@fermata/contract/actors'
import type { AnyEvent, Frame } from '@fermata/contract/events.schema'
import type { Sink } from '@fermata/people/feed/index'
import type { RoomsWorld } from './rooms.world.ts'

/** A live reader that keeps all it is told, and can be waited for. */
export class Ear implements Sink {
  readonly frames: Frame[] = []
  closed: string | undefined
  waiting = 0
  allowed = true
  #hears: (() => void) | undefined

  send(frame: Buffer): void {
    this.frames.push(JSON.parse(frame.toString()) as Frame)
    this.#hears?.()
  }
  async entitled(): Promise<boolean> {
    return this.allowed
  }
  buffered(): number {
    return this.waiting
  }
  close(why: string): void {
    this.closed = why
    this.#hears?.()
  }
  get events(): AnyEvent[] {
    return this.frames.flatMap((frame) => (frame.type === 'events' ? [...frame.events] : []))
  }
  /** Waits until what was told satisfies a condition. */
  async until(satisfied: () => boolean): Promise<void> {
    while (!satisfied()) {
      const { promise, resolve } = Promise.withResolvers<void>()
      this.#hears = resolve
      await promise
    }
  }
}

/** Somebody follows the feed, and keeps what they are told. */
export function followed(
  world: RoomsWorld,
  caller: Caller,
  since: number | null,
): Ear & { leave(): void } {
  const ear = new Ear()
  const leave = world.rooms.feed.follow(caller, since, ear)
  return Object.assign(ear, { leave })
}
