import type { ConversationId } from '@fermata/base/ids'
import { errors, refusal, type ErrorCode, type Refusal } from '@fermata/contract/errors'
import type { MessageBody } from '@fermata/contract/conversations.schema'
import type { Call } from '@fermata/contract/routes.schema'

/** Opens a conversation with its first message. */
export interface OpenSend {
  readonly kind: 'open'
  readonly body: Call<'conversations.open'>['body']
}

/** Says something in a conversation. */
export interface PostSend {
  readonly kind: 'post'
  /** The conversation's id, or the client id of the open that will make it. */
  readonly to: string
  readonly body: MessageBody
}

/** Something to be sent. Plain data, fit for any storage that keeps JSON. */
export interface Entry {
  /** The message's client id. */
  readonly id: string
  /** Entries of one conversation are sent by this, lowest first. */
  readonly order: number
  /** When it was written, in milliseconds since the epoch. */
  readonly at: number
  readonly send: OpenSend | PostSend
  /** `refused`: the server will never take it as it is; it stays until it is retried or discarded. */
  readonly state: 'waiting' | 'sending' | 'refused'
  /** Why it was refused for good. */
  readonly refusal: Refusal | null
  /** Why the last attempt failed, when the server said why: `not_signed_in`, `storage_full`, … */
  readonly trouble: Refusal | null
  /** How many attempts in a row have failed. */
  readonly failures: number
  /** Not to be tried before this time of the monotonic clock, in milliseconds. */
  readonly retryAt: number
}

/** What can happen to the entries. */
export type Happening =
  | { readonly type: 'loaded'; readonly entries: readonly Entry[] }
  | { readonly type: 'added'; readonly entry: Entry }
  | { readonly type: 'sending'; readonly id: string }
  | {
      readonly type: 'failed'
      readonly id: string
      readonly retryAt: number
      readonly trouble: Refusal | null
    }
  | { readonly type: 'accepted'; readonly id: string; readonly conversation: ConversationId }
  | { readonly type: 'refused'; readonly id: string; readonly refusal: Refusal }
  | { readonly type: 'retried'; readonly id: string }
  | { readonly type: 'discarded'; readonly id: string }
  | { readonly type: 'woken' }

/** Refusals that pass by themselves or when somebody signs in: the entry waits on. */
const passing: ReadonlySet<ErrorCode> = new Set([
  'not_signed_in',
  'too_many',
  'internal',
  'unavailable',
  'storage_full',
])

/** Whether sending the same again may be accepted one day. */
export function isPassing(refusal: Refusal): boolean {
  return passing.has(refusal.code) || errors[refusal.code].status >= 500
}

/** What must go in order: a conversation's id, or the client id of the open that will make it. */
export function laneOf(entry: Entry): string {
  return entry.send.kind === 'open' ? entry.id : entry.send.to
}

const fresh = { state: 'waiting', failures: 0, retryAt: 0, trouble: null } as const

/** The entries after something happened to them, in their order. */
export function afterwards(entries: readonly Entry[], what: Happening): readonly Entry[] {
  switch (what.type) {
    case 'loaded': {
      const known = new Set(entries.map((entry) => entry.id))
      const stored = what.entries.filter((entry) => !known.has(entry.id)).map(asStored)
      return lost(sorted([...stored, ...entries]))
    }
    case 'added':
      return sorted([...entries, what.entry])
    case 'sending':
      return changed(entries, what.id, { state: 'sending' })
    case 'failed':
      return entries.map((entry) =>
        entry.id === what.id && entry.state === 'sending'
          ? {
              ...entry,
              state: 'waiting',
              failures: entry.failures + 1,
              retryAt: what.retryAt,
              trouble: what.trouble,
            }
          : entry,
      )
    case 'accepted':
      return entries
        .filter((entry) => entry.id !== what.id)
        .map((entry) => readdressed(entry, what.id, what.conversation))
    case 'refused':
      return changed(entries, what.id, { state: 'refused', refusal: what.refusal, trouble: null })
    case 'retried':
      return entries.map((entry) =>
        entry.id === what.id ? { ...insisting(entry), ...fresh, refusal: null } : entry,
      )
    case 'discarded':
      return entries.filter((entry) => entry.id !== what.id && laneOf(entry) !== what.id)
    case 'woken':
      return entries.map((entry) => (entry.retryAt > 0 ? { ...entry, retryAt: 0 } : entry))
  }
}

/** Whoever sends again what somebody has come between knows of it: it no longer says what it was written upon. */
function insisting(entry: Entry): Entry {
  if (entry.refusal?.code !== 'lease_lost' || entry.send.kind !== 'post') return entry
  const { token, ...body } = entry.send.body
  return token === undefined ? entry : { ...entry, send: { ...entry.send, body } }
}

/** An entry that a former run left behind: whatever it was doing is over. */
function asStored(entry: Entry): Entry {
  return entry.state === 'refused' ? entry : { ...entry, ...fresh }
}

/**
 * Shows what waits for an open that is gone (discarded in another tab) as refused: nothing would ever
 * send it.
 */
function lost(entries: readonly Entry[]): readonly Entry[] {
  const ids = new Set(entries.map((entry) => entry.id))
  const isLost = ({ send }: Entry): boolean =>
    send.kind === 'post' && !send.to.startsWith('cnv_') && !ids.has(send.to)
  return entries.map((entry) =>
    isLost(entry) ? { ...entry, state: 'refused', refusal: refusal('not_found') } : entry,
  )
}

function sorted(entries: readonly Entry[]): readonly Entry[] {
  return entries.toSorted((a, b) => a.order - b.order || (a.id < b.id ? -1 : 1))
}

function changed(entries: readonly Entry[], id: string, change: Partial<Entry>): readonly Entry[] {
  return entries.map((entry) => (entry.id === id ? { ...entry, ...change } : entry))
}

/** What was written to a conversation that did not exist yet now knows where it belongs. */
function readdressed(entry: Entry, opening: string, conversation: ConversationId): Entry {
  if (entry.send.kind !== 'post' || entry.send.to !== opening) return entry
  return { ...entry, send: { ...entry.send, to: conversation } }
}

/**
 * The first entry of every lane that may move: one that was refused lets the later ones pass, unless
 * it is the open that they wait for.
 */
function heads(entries: readonly Entry[]): Entry[] {
  const found = new Map<string, Entry>()
  for (const entry of entries) {
    const lane = laneOf(entry)
    if (found.has(lane)) continue
    if (entry.state !== 'refused' || entry.send.kind === 'open') found.set(lane, entry)
  }
  return [...found.values()]
}

/** What is to be sent now, at most `free` of them. */
export function due(entries: readonly Entry[], nowMs: number, free: number): readonly Entry[] {
  return heads(entries)
    .filter((entry) => entry.state === 'waiting' && entry.retryAt <= nowMs)
    .slice(0, Math.max(0, free))
}

/** When something will be due by itself; null when nothing will. */
export function dueAt(entries: readonly Entry[]): number | null {
  const times = heads(entries)
    .filter((entry) => entry.state === 'waiting')
    .map((entry) => entry.retryAt)
  return times.length > 0 ? Math.min(...times) : null
}
