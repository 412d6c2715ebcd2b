import type { FileNumber } from './operations.ts'

/** What an open descriptor stands for. Those that are of no interest are not held. */
export type Description =
  | { readonly kind: 'file'; readonly file: FileNumber; offset: number; readonly append: boolean }
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'stream'; readonly stream: number }

interface Held {
  readonly description: Description
  /** The line on which the descriptor was given out. */
  readonly since: number
}

/** The table of a process's open descriptors, as its calls tell it. */
export class Descriptors {
  readonly #held = new Map<number, Held>()

  get(descriptor: number): Description | undefined {
    return this.#held.get(descriptor)?.description
  }

  set(descriptor: number, description: Description | undefined, since: number): void {
    if (description === undefined) this.#held.delete(descriptor)
    else this.#held.set(descriptor, { description, since })
  }

  /**
   * Closes. Another thread may be given the same number before the call returns, and the recording
   * then tells of that first: what was given out after the close began is not the one it closed.
   */
  close(descriptor: number, begun: number): void {
    const held = this.#held.get(descriptor)
    if (held !== undefined && held.since < begun) this.#held.delete(descriptor)
  }
}
