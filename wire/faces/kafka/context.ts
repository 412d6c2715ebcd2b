import type { Broker } from '../../broker/broker.ts'
import type { ApiName, ResponseDraft } from './apis.ts'
import type { Offer, RequestOf } from './codec.ts'
import type { Passage } from './passage.ts'

/** The number of the only broker that clients see. */
export const nodeId = 1

/** What a request is answered with besides its own words. */
export interface Context {
  /** Does for the client what it may do, and nothing else. */
  readonly broker: Broker
  /** Who the client is. */
  readonly passage: Passage
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** A listener serves one workspace. */
  readonly workspace: string
  /** Where clients are told to find this server. */
  readonly host: string
  readonly port: number
  /** Where the client is. */
  readonly peer: string
  /** What is offered, in the answer to ApiVersions. */
  readonly offer: Offer
}

/** Answers requests to one API; without an answer where the client wants none. */
export type Answer<Name extends ApiName> = (
  request: RequestOf<Name>,
  context: Context,
) => Promise<ResponseDraft<Name> | NoAnswer>

/** The client waits for nothing; where something was refused, the connection's end tells it (acks=0). */
export interface NoAnswer {
  readonly noAnswer: true
  readonly isRefused: boolean
}

/** The answers to several APIs. */
export type Answers<Name extends ApiName> = { readonly [One in Name]: Answer<One> }

/** Groups what belongs to one topic, in the order of the topics' first appearance. */
export function byTopic<T extends { readonly topic: string }>(
  rows: readonly T[],
): readonly { readonly topic: string; readonly rows: readonly T[] }[] {
  const topics = new Map<string, T[]>()
  for (const row of rows) {
    const found = topics.get(row.topic)
    if (found === undefined) topics.set(row.topic, [row])
    else found.push(row)
  }
  return Array.from(topics, ([topic, rows]) => ({ topic, rows }))
}
