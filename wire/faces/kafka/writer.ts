// Primitive values into a frame; the grammar is that of reader.ts. What does not fit its place is a mistake of the program.

/** What has been written of a frame. */
export interface Writer {
  /** Everything but the pieces, one after the other. It is replaced by a larger one when it is full. */
  bytes: Buffer
  at: number
  /** Bytes that are handed on as they are. */
  readonly pieces: Uint8Array[]
  /** Before which byte of `bytes` each piece goes. */
  readonly cuts: number[]
  /** The bytes of all pieces. */
  pieceBytes: number
}

/** Starts a frame. */
export function newWriter(bytes = 256): Writer {
  return { bytes: Buffer.allocUnsafe(bytes), at: 0, pieces: [], cuts: [], pieceBytes: 0 }
}

/** Everything that was written, in order, without a copy. */
export function finish(writer: Writer): readonly Uint8Array[] {
  const { bytes, at, pieces, cuts } = writer
  const all: Uint8Array[] = []
  let from = 0
  for (let index = 0; index < pieces.length; index++) {
    const cut = cuts[index]!
    if (cut > from) all.push(bytes.subarray(from, cut))
    all.push(pieces[index]!)
    from = cut
  }
  if (at > from) all.push(bytes.subarray(from, at))
  return all
}

/** Makes room, and gives back where to write. */
function take(writer: Writer, count: number): number {
  const { at, bytes } = writer
  writer.at = at + count
  if (writer.at > bytes.length) {
    const larger = Buffer.allocUnsafe(Math.max(2 * bytes.length, writer.at))
    larger.set(bytes.subarray(0, at))
    writer.bytes = larger
  }
  return at
}

/** One byte. */
export function putInt8(writer: Writer, value: number): void {
  const at = take(writer, 1)
  writer.bytes[at] = value
}

/** Two bytes, with a sign or without. */
export function putInt16(writer: Writer, value: number): void {
  const at = take(writer, 2)
  const { bytes } = writer
  bytes[at] = value >> 8
  bytes[at + 1] = value
}

/** Four bytes. */
export function putInt32(writer: Writer, value: number): void {
  putInt32At(writer, take(writer, 4), value)
}

/** Four bytes in a place that was taken before. */
export function putInt32At({ bytes }: Writer, at: number, value: number): void {
  bytes[at] = value >> 24
  bytes[at + 1] = value >> 16
  bytes[at + 2] = value >> 8
  bytes[at + 3] = value
}

/** Eight bytes of a safe integer. */
export function putInt64(writer: Writer, value: number): void {
  putInt32(writer, Math.floor(value / 2 ** 32))
  putInt32(writer, value >>> 0)
}

/** Eight bytes of any number. */
export function putFloat64(writer: Writer, value: number): void {
  const at = take(writer, 8)
  writer.bytes.writeDoubleBE(value, at)
}

/** An integer of at most 32 bits without a sign. */
export function putUvarint(writer: Writer, value: number): void {
  let rest = value >>> 0
  for (; rest > 0x7f; rest >>>= 7) putInt8(writer, (rest & 0x7f) | 0x80)
  putInt8(writer, rest)
}

/** The sixteen bytes of `01234567-89ab-cdef-0123-456789abcdef`. */
export function putUuid(writer: Writer, text: string): void {
  const at = take(writer, 16)
  writer.bytes.write(text.replaceAll('-', ''), at, 16, 'hex')
}

/** Bytes, copied. */
export function putBytes(writer: Writer, bytes: Uint8Array): void {
  const at = take(writer, bytes.length)
  writer.bytes.set(bytes, at)
}

/** Bytes, handed on as they are. */
export function putPiece(writer: Writer, piece: Uint8Array): void {
  if (piece.length === 0) return
  writer.pieces.push(piece)
  writer.cuts.push(writer.at)
  writer.pieceBytes += piece.length
}

/** A text of which the length in bytes is known. */
export function putText(writer: Writer, text: string, bytes: number): void {
  const at = take(writer, bytes)
  // Most texts are short names in ASCII, for which a call out of JavaScript costs more than they do.
  if (bytes !== text.length || bytes > 32) writer.bytes.write(text, at, bytes, 'utf8')
  else for (let index = 0; index < bytes; index++) writer.bytes[at + index] = text.charCodeAt(index)
}

/** How many bytes a text takes in UTF-8. */
export function textBytes(text: string): number {
  if (text.length > 32) return Buffer.byteLength(text)
  for (let index = 0; index < text.length; index++) {
    if (text.charCodeAt(index) > 0x7f) return Buffer.byteLength(text)
  }
  return text.length
}
