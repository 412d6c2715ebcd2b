import { createHmac } from 'node:crypto'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** The bytes of a seed, as somebody's phone reads it: base 32 (RFC 4648 section 6). */
export function fromBase32(text: string): Uint8Array {
  const bits = [...text].map((sign) => alphabet.indexOf(sign).toString(2).padStart(5, '0')).join('')
  return Uint8Array.from(bits.match(/.{8}/g) ?? [], (byte) => Number.parseInt(byte, 2))
}

/** Which half minute a time lies in. */
export function stepAt(nowMs: number): number {
  return Math.floor(nowMs / 30_000)
}

/** What somebody's phone shows in a half minute (RFC 6238), written apart from the server's own. */
export function codeAt(seed: Uint8Array, step: number): string {
  const counter = new DataView(new ArrayBuffer(8))
  counter.setBigUint64(0, BigInt(step))
  const mac = createHmac('sha1', seed).update(new Uint8Array(counter.buffer)).digest()
  const at = (mac[19] ?? 0) & 15
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}
