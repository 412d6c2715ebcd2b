import type { Sending } from './batches.ts'

/** The end of a transaction that is asked for; `end` is its coordinator's epoch, and no other end has it. */
export interface Ending {
  readonly end: number
  readonly producer: number
  readonly commit: boolean
  readonly partitions: readonly number[]
}

/**
 * What the program under observation says, one JSON text a line: before it asks the log for something, and
 * again once that was answered.
 */
export type Said =
  | { readonly kind: 'ready' }
  | { readonly kind: 'making'; readonly name: string }
  | { readonly kind: 'made'; readonly name: string; readonly partition: number }
  | { readonly kind: 'sending'; readonly sending: Sending }
  | { readonly kind: 'sent'; readonly number: number; readonly first: number }
  | { readonly kind: 'noting'; readonly number: number; readonly partition: number }
  | { readonly kind: 'noted'; readonly number: number; readonly offset: number }
  | { readonly kind: 'ending'; readonly ending: Ending }
  | {
      readonly kind: 'ended'
      readonly end: number
      readonly markers: readonly { readonly partition: number; readonly offset: number }[]
    }
  | { readonly kind: 'dropping'; readonly partition: number; readonly before: number }
  | { readonly kind: 'dropped'; readonly partition: number; readonly start: number }
  | { readonly kind: 'moving'; readonly partition: number; readonly offset: number }
  | { readonly kind: 'moved'; readonly partition: number; readonly offset: number }
  | { readonly kind: 'deleting'; readonly partition: number }
  | { readonly kind: 'deleted'; readonly partition: number }

/** The whole lines of a text that a program has said. */
export function saidIn(text: string): Said[] {
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Said)
}

/** A partition that was made. */
export interface KnownPartition {
  readonly name: string
  readonly isDeleting: boolean
  readonly isDeleted: boolean
}

/** A batch that was sent; `first` is there once it was answered. */
export interface KnownSending extends Sending {
  readonly first?: number
}

/** The end of a transaction; the markers are there once it was answered. */
export interface KnownEnd extends Ending {
  readonly markers?: Extract<Said, { kind: 'ended' }>['markers']
}

/** Where something that only moves forwards may be: at most where it was asked to be, at least where it was said to be. */
export interface Bound {
  readonly max: number
  readonly min: number
}

/** All that is known of a log by what was said. */
export interface Facts {
  /** Partitions whose making was answered, by number. */
  readonly partitions: Map<number, KnownPartition>
  /** Names that were asked for. */
  readonly names: Set<string>
  readonly sendings: Map<number, KnownSending>
  readonly notes: Map<number, { readonly partition: number; readonly offset?: number }>
  readonly ends: Map<number, KnownEnd>
  /** Where partitions start. */
  readonly starts: Map<number, Bound>
  /** Where the reader's cursors stand. */
  readonly cursors: Map<number, Bound>
}

/** Facts of which there are none. */
export function noFacts(): Facts {
  return {
    partitions: new Map(),
    names: new Set(),
    sendings: new Map(),
    notes: new Map(),
    ends: new Map(),
    starts: new Map(),
    cursors: new Map(),
  }
}

/** The facts as they are now, whatever is learned later. */
export function copyFacts(facts: Facts): Facts {
  return {
    partitions: new Map(facts.partitions),
    names: new Set(facts.names),
    sendings: new Map(facts.sendings),
    notes: new Map(facts.notes),
    ends: new Map(facts.ends),
    starts: new Map(facts.starts),
    cursors: new Map(facts.cursors),
  }
}

/** Takes what was said into the facts. */
export function learn(facts: Facts, said: Said): void {
  const { partitions, sendings, notes, ends } = facts
  switch (said.kind) {
    case 'ready':
      return
    case 'making':
      facts.names.add(said.name)
      return
    case 'made':
      partitions.set(said.partition, { name: said.name, isDeleting: false, isDeleted: false })
      return
    case 'sending':
      // One that is sent again after a crash is still the same.
      if (!sendings.has(said.sending.number)) sendings.set(said.sending.number, said.sending)
      return
    case 'sent':
      sendings.set(said.number, { ...known(sendings, said.number), first: said.first })
      return
    case 'noting':
      notes.set(said.number, { partition: said.partition })
      return
    case 'noted':
      notes.set(said.number, { ...known(notes, said.number), offset: said.offset })
      return
    case 'ending':
      if (!ends.has(said.ending.end)) ends.set(said.ending.end, said.ending)
      return
    case 'ended':
      ends.set(said.end, { ...known(ends, said.end), markers: said.markers })
      return
    case 'deleting':
      partitions.set(said.partition, { ...known(partitions, said.partition), isDeleting: true })
      return
    case 'deleted':
      partitions.set(said.partition, { ...known(partitions, said.partition), isDeleted: true })
      return
    default:
      learnBound(facts, said)
  }
}

function learnBound(
  { starts, cursors }: Facts,
  said: Extract<Said, { kind: 'dropping' | 'dropped' | 'moving' | 'moved' }>,
): void {
  const bounds = said.kind === 'dropping' || said.kind === 'dropped' ? starts : cursors
  const { min, max } = bounds.get(said.partition) ?? { min: 0, max: 0 }
  switch (said.kind) {
    case 'dropping':
      bounds.set(said.partition, { min, max: said.before })
      return
    case 'dropped':
      bounds.set(said.partition, { min: said.start, max })
      return
    case 'moving':
      bounds.set(said.partition, { min, max: said.offset })
      return
    case 'moved':
      bounds.set(said.partition, { min: said.offset, max })
  }
}

/** Something that must have been said before. */
export function known<K, V>(map: ReadonlyMap<K, V>, key: K): V {
  const value = map.get(key)
  if (value === undefined) throw new Error(`nothing was said of ${String(key)} before`)
  return value
}

/** What a program that starts again is to take up where the one before was ended. */
export interface Unfinished {
  /** Where this program's numbers begin; all before are used. */
  readonly next: number
  readonly sendings: readonly Sending[]
  /** Ends that were asked for and not answered, and aborts of what was left open. */
  readonly ends: readonly Ending[]
}

/** What was left unanswered. A client without a producer id never sends again: that could be doubled. */
export function unfinishedIn(facts: Facts): Unfinished {
  const numbers = [...facts.sendings.keys(), ...facts.notes.keys(), ...facts.ends.keys()]
  let next = numbers.reduce((max, number) => Math.max(max, number), 0) + 1
  const sendings = [...facts.sendings.values()].filter(
    ({ first, producer, isTransactional }) =>
      first === undefined && producer !== -1 && !isTransactional,
  )
  const ends: Ending[] = [...facts.ends.values()].filter(({ markers }) => markers === undefined)
  const open = new Map<number, Set<number>>()
  const lastEnd = new Map<number, number>()
  for (const { end, producer } of facts.ends.values()) lastEnd.set(producer, end)
  for (const { number, producer, partition, isTransactional } of facts.sendings.values()) {
    if (!isTransactional || number < (lastEnd.get(producer) ?? -1)) continue
    open.set(producer, (open.get(producer) ?? new Set()).add(partition))
  }
  for (const [producer, partitions] of open) {
    ends.push({ end: next, producer, commit: false, partitions: [...partitions] })
    next += 1
  }
  return { next, sendings, ends }
}
