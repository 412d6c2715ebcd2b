import { createInterface } from 'node:readline'

// How a client of others is driven: as a process of its own, that is told what to do in lines of JSON and answers in lines of
// JSON. So it can be killed like any program, and clients in other languages are driven the same way.

/** What a client is told to do. */
export interface Orders {
  create(topic: string, partitions: number): Promise<void>
  /** Makes records whose keys and values are these, in one batch. */
  send(order: {
    readonly topic: string
    readonly values: readonly string[]
    readonly compression?: string
    readonly idempotent?: boolean
  }): Promise<void>
  /** Begins to read with a group, only what is committed; says what it sees. */
  read(group: string, topic: string): Promise<void>
  /** Commits what it has seen, and leaves the group. */
  leave(): Promise<void>
  /** Finds the offset of the only partition at a time, and reads from there without a group. */
  since(topic: string, timeMs: number, count: number): Promise<readonly string[]>
  /** Begins a transaction, as a new producer where there is none yet. */
  begin(id: string): Promise<void>
  put(topic: string, values: readonly string[]): Promise<void>
  /** Sends an offset of the only partition along with the transaction. */
  offset(group: string, topic: string, offset: number): Promise<void>
  commit(): Promise<void>
  abort(): Promise<void>
  /** What was committed for the only partition; -1 for nothing. */
  committed(group: string, topic: string): Promise<number>
  topics(): Promise<readonly string[]>
  /** The value of a topic's setting. */
  setting(topic: string, name: string): Promise<string>
  groups(): Promise<readonly string[]>
  remove(topic: string): Promise<void>
}

/** What a client says by itself. */
export type Said =
  | { readonly said: 'saw'; readonly value: string; readonly partition: number }
  /** How many partitions it reads by now. */
  | { readonly said: 'has'; readonly partitions: number }

/** An order on its way. */
export interface OrderLine {
  readonly number: number
  readonly name: keyof Orders
  readonly args: readonly unknown[]
}

/** An answer to one. */
export type AnswerLine =
  | { readonly number: number; readonly value: unknown }
  | { readonly number: number; readonly error: string }

/** Says something. */
export function say(said: Said): void {
  process.stdout.write(`${JSON.stringify(said)}\n`)
}

/** Takes orders from standard input, one after the other, until it ends. */
export async function takeOrders(orders: Partial<Orders>): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    const { number, name, args } = JSON.parse(line) as OrderLine
    const answer = await obey(orders, name, args).then(
      (value): AnswerLine => ({ number, value: value ?? null }),
      (error: unknown): AnswerLine => ({ number, error: textOf(error) }),
    )
    process.stdout.write(`${JSON.stringify(answer)}\n`)
  }
  process.exit()
}

/** What an error says, with all that it holds. */
function textOf(error: unknown): string {
  const inner = error instanceof AggregateError ? error.errors.map(textOf) : []
  const cause = error instanceof Error && error.cause !== undefined ? [textOf(error.cause)] : []
  return [String(error), ...inner, ...cause].join('; ')
}

async function obey(
  orders: Partial<Orders>,
  name: keyof Orders,
  args: readonly unknown[],
): Promise<unknown> {
  const order = orders[name] as ((...args: readonly unknown[]) => Promise<unknown>) | undefined
  if (order === undefined) throw new Error(`this client has no ${name}`)
  return order.apply(orders, [...args])
}
