import * as platformatic from '@platformatic/kafka'
import type { Form } from './samples.fixture.ts'

// @platformatic/kafka has a file for each version of each message, written by hand from the protocol guide. Its parsers give
// back objects with the guide's names, and so do ours; its writers take the fields one after the other.

/** Fields by their names. */
export type Bag = Record<string, unknown>

/** One version of an API, as it has it. */
export interface Theirs {
  createRequest(...fields: unknown[]): { readonly buffer: Buffer }
  parseResponse(correlationId: number, key: number, version: number, reader: unknown): Bag
}

/** What it has for a version, if anything. */
export function theirs({ api, version }: Form): Theirs | undefined {
  const name = `${api[0]!.toLowerCase()}${api.slice(1)}V${version}`
  return (platformatic as unknown as Record<string, Theirs | undefined>)[name]
}
