// Asking over a port that passes only data: a number for each question, and an answer by that number.

/** What can be asked, by name: what goes there, and what comes back. */
export type Calls<C> = { readonly [Name in keyof C]: (order: never) => unknown }

/** Either end of a channel between threads. */
export interface Port {
  postMessage(message: unknown): void
  on(event: string, hear: (message: unknown) => void): unknown
}

/** What is asked by a name. */
export type OrderOf<C extends Calls<C>, Name extends keyof C> = Parameters<C[Name]>[0]

/** What is answered. */
export type AnswerOf<C extends Calls<C>, Name extends keyof C> = Awaited<ReturnType<C[Name]>>

/** The other side of a port. */
export interface Line<Theirs extends Calls<Theirs>> {
  /** Asks. Rejects with what went wrong there, and when the line was cut. */
  ask<Name extends keyof Theirs & string>(
    name: Name,
    order: OrderOf<Theirs, Name>,
  ): Promise<AnswerOf<Theirs, Name>>
  /** Whoever waits for an answer is told that there will be none. */
  cut(reason: Error): void
}

type Message =
  | { readonly kind: 'ask'; readonly id: number; readonly name: string; readonly order: unknown }
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failed'; readonly id: number; readonly error: PassedError }

/** Opens one side of a line: answers what the other side asks, and asks it. */
export function openLine<Theirs extends Calls<Theirs>, Ours extends Calls<Ours>>(
  port: Port,
  ours: Ours,
): Line<Theirs> {
  const waiting = new Map<number, PromiseWithResolvers<unknown>>()
  let last = 0
  let cut: Error | undefined

  const answer = async (id: number, name: string, order: unknown): Promise<void> => {
    try {
      if (!Object.hasOwn(ours, name)) throw new Error(`nobody answers ${name}`)
      const call: (order: never) => unknown = ours[name as keyof Ours]
      port.postMessage({ kind: 'answer', id, value: await call(order as never) } satisfies Message)
    } catch (error) {
      port.postMessage({ kind: 'failed', id, error: passable(error) } satisfies Message)
    }
  }

  port.on('message', (received) => {
    const message = received as Message
    if (message.kind === 'ask') {
      void answer(message.id, message.name, message.order)
      return
    }
    const one = waiting.get(message.id)
    waiting.delete(message.id)
    if (message.kind === 'answer') one?.resolve(message.value)
    else one?.reject(errorOf(message.error))
  })

  return {
    ask(name, order) {
      if (cut !== undefined) return Promise.reject(cut)
      last += 1
      const one = Promise.withResolvers<unknown>()
      waiting.set(last, one)
      port.postMessage({ kind: 'ask', id: last, name, order } satisfies Message)
      return one.promise as Promise<AnswerOf<Theirs, typeof name>>
    },
    cut(reason) {
      cut = reason
      for (const one of waiting.values()) one.reject(reason)
      waiting.clear()
    },
  }
}

/** An error as it can go to another thread: with its name and its code, which a copy would lose. */
export function passable(error: unknown): PassedError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) }
  const { name, message, stack = '' } = error
  const code = 'code' in error ? String(error.code) : undefined
  const cause = error.cause === undefined ? undefined : passable(error.cause)
  return { name, message, stack, ...(code && { code }), ...(cause && { cause }) }
}

/** An error on its way. */
export interface PassedError {
  readonly name: string
  readonly message: string
  readonly stack?: string
  readonly code?: string
  readonly cause?: PassedError
}

/** Makes an error again of what came. */
export function errorOf({ name, message, stack, code, cause }: PassedError): Error {
  const error = new Error(message, cause === undefined ? undefined : { cause: errorOf(cause) })
  return Object.assign(error, { name, ...(stack && { stack }), ...(code && { code }) })
}
