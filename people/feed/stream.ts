import { bytesOf, type WorkspaceId } from '@fermata/base/ids'
import type { Caller } from '@fermata/contract/actors'
import { classOf, type Viewer } from './audience.ts'
import type { Sink } from './live.ts'

/** Somebody who follows the feed. */
export interface Reader {
  readonly caller: Caller
  readonly sink: Sink
  viewer: Viewer
  /** Which class it stands in, see `classOf`. */
  group: string
  /** Told up to here; null before the first look. */
  position: number | null
  open: boolean
}

/** One workspace's feed and those who follow it live, found by class and by who they are. */
export interface Stream {
  readonly workspace: WorkspaceId
  readonly key: Uint8Array
  /** How far the live readers have been told. */
  scanned: number
  /** How far the feed is known to reach. */
  head: number
  pumping: boolean
  /** The places that are known to be inboxes. */
  readonly inboxes: Set<string>
  readonly readers: Set<Reader>
  /** Members and apps, by class: each class is sent the same bytes. */
  readonly groups: Map<string, Set<Reader>>
  /** Everybody, by actor: a contact's events are its own, some events are for one alone. */
  readonly actors: Map<string, Set<Reader>>
}

/** A stream that nobody follows yet, told up to a position. */
export function newStream(workspace: WorkspaceId, scanned: number): Stream {
  return {
    workspace,
    key: bytesOf(workspace),
    scanned,
    head: scanned,
    pumping: false,
    inboxes: new Set(),
    readers: new Set(),
    groups: new Map(),
    actors: new Map(),
  }
}

function put(map: Map<string, Set<Reader>>, key: string, reader: Reader): void {
  const set = map.get(key)
  if (set === undefined) map.set(key, new Set([reader]))
  else set.add(reader)
}

function take(map: Map<string, Set<Reader>>, key: string, reader: Reader): void {
  const set = map.get(key)
  set?.delete(reader)
  if (set?.size === 0) map.delete(key)
}

/** Counts a reader among those who are told live. */
export function join(stream: Stream, reader: Reader): void {
  stream.readers.add(reader)
  put(stream.actors, reader.caller.id, reader)
  if (reader.caller.kind !== 'contact') put(stream.groups, reader.group, reader)
}

/** Takes a reader out; it is told nothing more. */
export function leave(stream: Stream, reader: Reader): void {
  reader.open = false
  stream.readers.delete(reader)
  take(stream.actors, reader.caller.id, reader)
  take(stream.groups, reader.group, reader)
}

/** Gives a reader what it may see now, and the class that follows from it. */
export function regroup(stream: Stream, reader: Reader, viewer: Viewer): void {
  const group = classOf(viewer)
  if (stream.readers.has(reader) && reader.caller.kind !== 'contact') {
    take(stream.groups, reader.group, reader)
    put(stream.groups, group, reader)
  }
  reader.viewer = viewer
  reader.group = group
}
