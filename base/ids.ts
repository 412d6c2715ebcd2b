import { assert } from './assert.ts'
import type { Clock } from './clock.ts'

/**
 * The kinds of things that have an id, by the prefix of the id's text form.
 * The text form is `prefix_` + 26 characters of Crockford's base 32 over the 16 bytes of a UUIDv7
 * (RFC 9562 section 5.7), so that texts sort as the ids do.
 */
export interface IdKinds {
  wsp: 'workspace'
  mbr: 'member'
  ses: 'session'
  app: 'app'
  rol: 'role'
  inv: 'invitation'
  tok: 'token'
  aud: 'audit entry'
  out: 'outgoing letter'
  ctc: 'contact'
  vis: 'visit'
  tea: 'team'
  ibx: 'inbox'
  chn: 'channel'
  cnv: 'conversation'
  msg: 'message'
  mov: 'merge or split'
  adr: 'address'
  uni: 'union of contacts'
  fil: 'file'
  sch: 'scheduled message'
  tmr: 'timer'
  lbl: 'label'
  rpl: 'reply'
}

/** An id in its text form, branded by what it names. */
export type Id<Prefix extends keyof IdKinds = keyof IdKinds> = `${Prefix}_${string}`

export type WorkspaceId = Id<'wsp'>
export type MemberId = Id<'mbr'>
export type SessionId = Id<'ses'>
export type AppId = Id<'app'>
export type RoleId = Id<'rol'>
export type InvitationId = Id<'inv'>
export type TokenId = Id<'tok'>
export type AuditId = Id<'aud'>
export type LetterId = Id<'out'>
export type ContactId = Id<'ctc'>
export type TeamId = Id<'tea'>
export type InboxId = Id<'ibx'>
export type ChannelId = Id<'chn'>
export type ConversationId = Id<'cnv'>
export type MessageId = Id<'msg'>
export type MoveId = Id<'mov'>
export type AddressId = Id<'adr'>
export type UnionId = Id<'uni'>
export type FileId = Id<'fil'>
export type ScheduledId = Id<'sch'>
export type TimerId = Id<'tmr'>
export type LabelId = Id<'lbl'>
export type ReplyId = Id<'rpl'>

/** Whoever acts, except the system itself. */
export type ActorId = MemberId | ContactId | AppId

/** The pattern of an id's text form, for schemas: `idPattern('cnv')`. */
export function idPattern(...prefixes: (keyof IdKinds)[]): string {
  return `^(${prefixes.join('|')})_[0-7][0-9a-hjkmnp-tv-z]{25}$`
}

/** Fills `bytes` with random bytes; the browser's and Node's `crypto.getRandomValues` both fit. */
export type FillRandom = (bytes: Uint8Array<ArrayBuffer>) => unknown

/** Makes the 16 bytes of a new UUIDv7, greater than all that it made before. */
export type NewUuid = () => Uint8Array<ArrayBuffer>

/** Highest value of the 12-bit counter that orders ids made in one millisecond. */
const counterMax = 0xfff

/**
 * A generator of UUIDv7 that never goes backwards, even when the clock does: within one
 * millisecond (or while the clock stands behind) it counts in the 12 bits of rand_a, and when they
 * are full it borrows the next millisecond (RFC 9562 section 6.2, methods 1 and 3).
 */
export function uuidv7Generator(clock: Pick<Clock, 'now'>, fillRandom: FillRandom): NewUuid {
  let lastMs = 0
  let counter = 0
  const pool = new Uint8Array(8 * 128)
  let used = pool.length
  return () => {
    const nowMs = clock.now()
    if (nowMs > lastMs) {
      lastMs = nowMs
      counter = 0
    } else if (counter < counterMax) {
      counter += 1
    } else {
      lastMs += 1
      counter = 0
    }
    if (used === pool.length) {
      fillRandom(pool)
      used = 0
    }
    const bytes = new Uint8Array(16)
    const high = Math.floor(lastMs / 0x10000)
    bytes[0] = high >>> 24
    bytes[1] = high >>> 16
    bytes[2] = high >>> 8
    bytes[3] = high
    bytes[4] = lastMs >>> 8
    bytes[5] = lastMs
    bytes[6] = 0x70 | (counter >>> 8)
    bytes[7] = counter
    bytes.set(pool.subarray(used, used + 8), 8)
    used += 8
    bytes[8] = 0x80 | (bytes[8]! & 0x3f)
    return bytes
  }
}

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'
const digitOf = new Int8Array(128).fill(-1)
for (let i = 0; i < alphabet.length; i++) digitOf[alphabet.charCodeAt(i)] = i

/** The text form of 16 bytes: 130 bits in 26 digits, the two highest bits always zero. */
export function idText<Prefix extends keyof IdKinds>(
  prefix: Prefix,
  bytes: Uint8Array,
): Id<Prefix> {
  assert(bytes.length === 16, 'an id has 16 bytes')
  let text = ''
  let bits = 0
  let held = 2
  for (let i = 0; i < 16; i++) {
    bits = (bits << 8) | bytes[i]!
    held += 8
    while (held >= 5) {
      held -= 5
      text += alphabet[(bits >>> held) & 31]
    }
    bits &= 31
  }
  return `${prefix}_${text}`
}

/** The 16 bytes behind an id's text form, or `undefined` when the text is none. */
export function idBytes(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (text.length !== 30 || text.charCodeAt(3) !== 95) return undefined
  const bytes = new Uint8Array(16)
  let bits = 0
  let held = -2
  let at = 0
  for (let i = 4; i < 30; i++) {
    const digit = digitOf[text.charCodeAt(i)] ?? -1
    if (digit < 0 || (i === 4 && digit > 7)) return undefined
    bits = (bits << 5) | digit
    held += 5
    if (held >= 8) {
      held -= 8
      bytes[at++] = bits >>> held
      bits &= (1 << held) - 1
    }
  }
  return bytes
}

/** The 16 bytes behind an id that was checked when it came in. */
export function bytesOf(id: Id): Uint8Array<ArrayBuffer> {
  const bytes = idBytes(id)
  assert(bytes !== undefined, 'an id is well formed')
  return bytes
}

/** The prefix of an id's text form. */
export function idKind(id: Id): keyof IdKinds {
  return id.slice(0, 3) as keyof IdKinds
}

/** Makes ids of every kind from one generator. */
export interface Ids {
  next<Prefix extends keyof IdKinds>(prefix: Prefix): Id<Prefix>
}

/** Ids in text form over a generator of UUIDv7. */
export function idsFrom(newUuid: NewUuid): Ids {
  return { next: (prefix) => idText(prefix, newUuid()) }
}

/** The usual text form of a UUID (8-4-4-4-12 hexadecimal digits), as clients send it. */
export function uuidText(bytes: Uint8Array): string {
  let hex = ''
  for (const byte of bytes) hex += byte.toString(16).padStart(2, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** The pattern of a UUIDv7 in its usual text form, lower case. */
export const uuidv7Pattern = '^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$'

/** The 16 bytes of a UUID in its usual text form. The text must match {@link uuidv7Pattern}. */
export function uuidBytes(text: string): Uint8Array<ArrayBuffer> {
  const hex = text.replaceAll('-', '')
  assert(hex.length === 32, 'a UUID has 32 hexadecimal digits')
  const bytes = new Uint8Array(16)
  for (let i = 0; i < 16; i++) bytes[i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16)
  return bytes
}
