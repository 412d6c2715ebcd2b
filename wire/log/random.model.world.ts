import assert from 'node:assert/strict'
import { lastOffsetOf } from './batch.ts'
import type { ReadBatch } from './contract.world.ts'

/** What one partition must hold, as an array: its index is the offset. */
export interface Model {
  readonly entries: ModelEntry[]
  start: number
}

/** A record or a marker. */
export interface ModelEntry {
  /** Absent for a marker. */
  readonly text: string | undefined
  readonly time: number
  /** The transaction that it is part of. */
  readonly transaction?: ModelTransaction
}

/** A transaction, which may have parts on several partitions. */
export interface ModelTransaction {
  readonly producerId: number
  state: 'open' | 'committed' | 'aborted'
}

/** Puts entries where the log says that they lie; nothing may lie there yet. */
export function place(model: Model, first: number, entries: readonly ModelEntry[]): void {
  entries.forEach((entry, index) => {
    assert.equal(model.entries[first + index], undefined, `offset ${first + index} is given twice`)
    model.entries[first + index] = entry
  })
}

/** Up to here every transaction has ended. */
export function stableIn(model: Model): number {
  const open = model.entries.findIndex(({ transaction }) => transaction?.state === 'open')
  return open === -1 ? model.entries.length : Math.max(open, model.start)
}

/** The first entry with a time that is not older, as `findTime` would answer it. */
export function timeIn(model: Model, timestamp: number, committed: boolean) {
  const end = committed ? stableIn(model) : model.entries.length
  for (let offset = model.start; offset < end; offset++) {
    const { text, time } = model.entries[offset]!
    if (text !== undefined && time >= timestamp) return { offset, timestamp: time }
  }
  return undefined
}

/** The texts of the records that are committed, from an offset on. */
export function committedIn(model: Model, from = model.start): string[] {
  return model.entries
    .slice(from, stableIn(model))
    .filter(({ text, transaction }) => text !== undefined && transaction?.state !== 'aborted')
    .map(({ text }) => text!)
}

/** Holds what was read against the model. Where nothing is compacted, everything must be there. */
export function holdAgainst(
  model: Model,
  batches: readonly ReadBatch[],
  range: { readonly from: number; readonly to: number; readonly isCompacted: boolean },
): void {
  let next = range.from
  for (const { header, offsets, texts } of batches) {
    if (!range.isCompacted) assert.ok(header.baseOffset <= next, `nothing is left out at ${next}`)
    for (const [index, offset] of offsets.entries()) {
      const entry = model.entries[offset]
      assert.ok(entry !== undefined, `${offset} was never acknowledged`)
      assert.equal(texts[index], entry.text)
      assert.equal(header.control, entry.text === undefined)
      assert.equal(header.transactional, entry.transaction !== undefined)
    }
    next = lastOffsetOf(header) + 1
  }
  assert.ok(next <= Math.max(range.from, range.to), 'nothing is read that may not be')
}

/** The newest committed record of each key, without those that are tombstones. */
export function newestByKey(texts: readonly string[]): Map<string, string> {
  const newest = new Map<string, string>()
  for (const text of texts) newest.set(text.replace(/[=!].*$/, ''), text)
  for (const [key, text] of newest) if (text.endsWith('!')) newest.delete(key)
  return newest
}
