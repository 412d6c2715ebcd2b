// How much an LZ4 frame holds, found out without unpacking it. Sources: "LZ4 Frame Format Description"
// version 1.6.4 and "LZ4 Block Format Description", both by Yann Collet.
//
//   Frame => Magic uint32 0x184D2204, Flags, BlockDescriptor, [ContentBytes uint64], [DictionaryId uint32],
//            HeaderChecksum uint8, Block*, EndMark uint32 0, [ContentChecksum uint32]
//   Block => Bytes uint32 (bit 31: as they are, not compressed), Data, [BlockChecksum uint32]
//   Data  => Sequence*
//   Sequence => Token (literals << 4 | match - 4), [more literals]*, Literals, Distance uint16, [more match]*
//
// All numbers are little-endian. A half of a token that says 15 goes on in the bytes that follow, each of
// which adds itself, up to the first that is not 255. The last sequence ends after its literals.

const magic = 0x184d2204

/** Version 01, whose blocks stand alone: Kafka's own clients write and read no others. */
const flags = {
  versionMask: 0xc0,
  version: 0x40,
  independent: 0x20,
  blockChecksum: 0x10,
  contentBytes: 0x08,
  contentChecksum: 0x04,
  mustBeClear: 0x03,
} as const

/** The largest block by bits 4 to 6 of the descriptor: 64 KiB, 256 KiB, 1 MiB, 4 MiB. */
function blockBytesMaxOf(descriptor: number): number | undefined {
  const code = descriptor >> 4
  if (code < 4 || code > 7 || (descriptor & 0x0f) !== 0) return undefined
  return 2 ** (8 + 2 * code)
}

/**
 * The bytes that a frame holds when it is unpacked; undefined where there is no frame, where it is cut off
 * or followed by anything, where its blocks need each other or a dictionary, or where it holds more than
 * `bytesMax`. Checksums are left to the decoder.
 */
export function lz4DecodedBytes(frame: Uint8Array, bytesMax: number): number | undefined {
  const head = readHead(frame)
  if (head === undefined) return undefined
  let { at } = head
  let total = 0
  for (;;) {
    if (at + 4 > frame.length) return undefined
    const size = uint32At(frame, at)
    at += 4
    if (size === 0) break
    const end = at + (size & 0x7fffffff)
    if (end + head.blockTrailer > frame.length) return undefined
    total += size > 0x7fffffff ? end - at : blockBytes(frame, at, end, head.blockBytesMax)
    if (!(total <= bytesMax)) return undefined
    at = end + head.blockTrailer
  }
  return at + head.frameTrailer === frame.length ? total : undefined
}

interface Head {
  /** Where the first block begins. */
  readonly at: number
  readonly blockBytesMax: number
  readonly blockTrailer: number
  readonly frameTrailer: number
}

function readHead(frame: Uint8Array): Head | undefined {
  if (frame.length < 7 || uint32At(frame, 0) !== magic) return undefined
  const flag = frame[4]!
  if ((flag & flags.versionMask) !== flags.version) return undefined
  if ((flag & flags.independent) === 0 || (flag & flags.mustBeClear) !== 0) return undefined
  const blockBytesMax = blockBytesMaxOf(frame[5]!)
  if (blockBytesMax === undefined) return undefined
  return {
    at: 7 + (flag & flags.contentBytes ? 8 : 0),
    blockBytesMax,
    blockTrailer: flag & flags.blockChecksum ? 4 : 0,
    frameTrailer: flag & flags.contentChecksum ? 4 : 0,
  }
}

/** The bytes of one compressed block when it is unpacked; NaN where it is damaged or too large. */
function blockBytes(frame: Uint8Array, start: number, end: number, bytesMax: number): number {
  let at = start
  let total = 0
  const more = (nibble: number): number => {
    if (nibble < 15) return nibble
    let length = nibble
    while (at < end) {
      const byte = frame[at++]!
      length += byte
      if (byte < 255) return length
    }
    return NaN
  }
  while (at < end && total <= bytesMax) {
    const token = frame[at++]!
    const literals = more(token >> 4)
    at += literals
    total += literals
    if (at === end) return total <= bytesMax ? total : NaN
    at += 2
    // Written so that NaN fails as well.
    if (!(at <= end)) return NaN
    total += more(token & 15) + 4
  }
  return NaN
}

function uint32At(bytes: Uint8Array, at: number): number {
  const high = bytes[at + 3]! * 2 ** 24
  return high + ((bytes[at + 2]! << 16) | (bytes[at + 1]! << 8) | bytes[at]!)
}
