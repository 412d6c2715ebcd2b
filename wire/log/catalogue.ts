import type { Gap, NewRecord, PartitionConfig } from './store.ts'

/** The number of the partition in which the log keeps what it knows of itself. Nobody else sees it. */
export const ownPartition = 0

/** How the log's own partition is kept. */
export const ownConfig: PartitionConfig = {
  segmentBytes: 1024 * 1024,
  segmentMs: Number.MAX_SAFE_INTEGER,
  batchBytesMax: 1024 * 1024,
  compaction: { lagMs: 0, tombstoneMs: 24 * 3_600_000, dirtyShare: 0.5 },
}

/** What the log knows of a partition besides its records. */
export interface CatalogueEntry {
  name: string
  config: PartitionConfig
  /** Where `deleteRecords` or retention has moved the start. */
  start: number
  readonly cursors: Map<string, number>
  readonly gaps: Gap[]
}

/** What the log knows of itself: the newest value of each key of its own partition. */
export interface Catalogue {
  readonly partitions: Map<number, CatalogueEntry>
  /** The number that the next partition gets. */
  nextPartition: number
}

/** One change of the catalogue, as it is written. Numbers of partitions are never used twice, hence `next`. */
export type CatalogueChange =
  | { readonly kind: 'next'; readonly partition: number }
  | {
      readonly kind: 'partition'
      readonly partition: number
      readonly value: { readonly name: string; readonly config: PartitionConfig } | undefined
    }
  | { readonly kind: 'start'; readonly partition: number; readonly value: number | undefined }
  | {
      readonly kind: 'cursor'
      readonly partition: number
      readonly cursor: string
      readonly value: number | undefined
    }
  | {
      readonly kind: 'gap'
      readonly partition: number
      readonly from: number
      readonly value: { readonly to: number; readonly reason: string } | undefined
    }

/** A catalogue of nothing. Number 0 is the log's own. */
export function newCatalogue(): Catalogue {
  return { partitions: new Map(), nextPartition: ownPartition + 1 }
}

/** The record that says a change: a key that names what changes, and its new value; none removes it. */
export function recordOfChange(change: CatalogueChange): NewRecord {
  switch (change.kind) {
    case 'next':
      return record(['next'], change.partition)
    case 'partition':
    case 'start':
      return record([change.kind, change.partition], change.value)
    case 'cursor':
      return record([change.kind, change.partition, change.cursor], change.value)
    case 'gap':
      return record([change.kind, change.partition, change.from], change.value)
  }
}

const encoder = new TextEncoder()
const decoder = new TextDecoder()

function record(key: readonly unknown[], value: unknown): NewRecord {
  return {
    key: encoder.encode(JSON.stringify(key)),
    value: value === undefined ? null : encoder.encode(JSON.stringify(value)),
  }
}

/** The change that a record of the log's own partition says. */
export function changeOfRecord(record: Pick<NewRecord, 'key' | 'value'>): CatalogueChange {
  const key = JSON.parse(decoder.decode(record.key ?? undefined)) as (string | number)[]
  const value: unknown =
    record.value === null ? undefined : JSON.parse(decoder.decode(record.value))
  const [kind, partition, detail] = key
  if (kind === 'next') return { kind, partition: value as number }
  // Written by `recordOfChange` and guarded by the batch's checksum.
  if (kind === 'cursor') return { kind, partition, cursor: detail, value } as CatalogueChange
  if (kind === 'gap') return { kind, partition, from: detail, value } as CatalogueChange
  return { kind, partition, value } as CatalogueChange
}

/** What is known of a partition that was just made. */
export function newEntry(name: string, config: PartitionConfig): CatalogueEntry {
  return { name, config, start: 0, cursors: new Map(), gaps: [] }
}

/** Takes a change into the catalogue. What is said of partitions that are gone is passed over. */
export function applyChange(catalogue: Catalogue, change: CatalogueChange): void {
  if (change.kind === 'next') {
    catalogue.nextPartition = Math.max(catalogue.nextPartition, change.partition)
    return
  }
  const { partitions } = catalogue
  const entry = partitions.get(change.partition)
  if (change.kind === 'partition') {
    const { value } = change
    if (value === undefined) partitions.delete(change.partition)
    else if (entry !== undefined) Object.assign(entry, { name: value.name, config: value.config })
    else partitions.set(change.partition, newEntry(value.name, value.config))
    return
  }
  if (entry === undefined) return
  switch (change.kind) {
    case 'start':
      entry.start = Math.max(entry.start, change.value ?? 0)
      return
    case 'cursor':
      if (change.value === undefined) entry.cursors.delete(change.cursor)
      else entry.cursors.set(change.cursor, change.value)
      return
    case 'gap':
      if (change.value !== undefined) addGap(entry.gaps, { from: change.from, ...change.value })
  }
}

function addGap(gaps: Gap[], gap: Gap): void {
  const at = gaps.findIndex((other) => other.from >= gap.from)
  if (at === -1) gaps.push(gap)
  else gaps.splice(at, gaps[at]?.from === gap.from ? 1 : 0, gap)
}

/** The changes that take everything about a partition out of the catalogue. */
export function removalOf(catalogue: Catalogue, partition: number): CatalogueChange[] {
  const entry = catalogue.partitions.get(partition)
  const cursors = [...(entry?.cursors.keys() ?? [])]
  return [
    { kind: 'partition', partition, value: undefined },
    { kind: 'start', partition, value: undefined },
    ...cursors.map((cursor) => ({ kind: 'cursor', partition, cursor, value: undefined }) as const),
    ...(entry?.gaps ?? []).map(
      ({ from }) => ({ kind: 'gap', partition, from, value: undefined }) as const,
    ),
  ]
}
