import { createHmac, timingSafeEqual } from 'node:crypto'

/** How long a code stands, in seconds (RFC 6238 section 5.2 recommends it). */
const stepSeconds = 30
const digits = 6
/** How many steps before and after the present one are taken too, for clocks that differ. */
const drift = 1
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** The bytes of a seed: as many as SHA-1 gives (RFC 4226 section 4 recommends 160 bits). */
export const seedBytes = 20

/** Which step of 30 seconds a time lies in. */
export function stepAt(nowMs: number): number {
  return Math.floor(nowMs / 1_000 / stepSeconds)
}

/** The code of a step (RFC 6238 over RFC 4226 section 5.3), with SHA-1, which every app knows. */
export function codeAt(seed: Uint8Array, step: number, length: number = digits): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const mac = createHmac('sha1', seed).update(counter).digest()
  const offset = mac.at(-1)! & 0x0f
  const value = mac.readUInt32BE(offset) & 0x7fff_ffff
  return String(value % 10 ** length).padStart(length, '0')
}

/** The step whose code this is, near a time; null when it is none. */
export function stepOf(seed: Uint8Array, code: string, nowMs: number): number | null {
  const given = Buffer.from(code)
  const now = stepAt(nowMs)
  for (let step = now - drift; step <= now + drift; step++) {
    const wanted = Buffer.from(codeAt(seed, step))
    if (given.length === wanted.length && timingSafeEqual(given, wanted)) return step
  }
  return null
}

/** Bytes in base 32 (RFC 4648 section 6) without padding, as apps take a seed. */
export function base32(bytes: Uint8Array): string {
  let text = ''
  let bits = 0
  let held = 0
  for (const byte of bytes) {
    bits = (bits << 8) | byte
    held += 8
    while (held >= 5) {
      held -= 5
      text += alphabet[(bits >>> held) & 31]
    }
    bits &= (1 << held) - 1
  }
  return held === 0 ? text : text + alphabet[(bits << (5 - held)) & 31]
}

/** The address that apps read from a QR code: `otpauth://totp/Workspace:address?secret=…`. */
export function otpauthUri(issuer: string, account: string, secret: string): string {
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(account)}`
  return `otpauth://totp/${label}?secret=${secret}&issuer=${encodeURIComponent(issuer)}`
}
