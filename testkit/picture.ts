import { crc32, deflateSync } from 'node:zlib'

/** One chunk of a PNG: length, type, data, checksum (PNG specification, section 5.3). */
function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const framed = Buffer.alloc(body.length + 8)
  framed.writeUInt32BE(data.length, 0)
  body.copy(framed, 4)
  framed.writeUInt32BE(crc32(body), framed.length - 4)
  return framed
}

/** A PNG of one colour, as large as is wished; what it is packed to is small. */
export function pngOf(
  width: number,
  height: number,
  colour: readonly number[] = [200, 80, 40],
): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2, 0, 0, 0], 8)
  const line = Buffer.alloc(1 + 3 * width)
  for (let at = 1; at < line.length; at++) line[at] = colour[(at - 1) % 3] ?? 0
  const pixels = Buffer.alloc(line.length * height)
  for (let row = 0; row < height; row++) line.copy(pixels, row * line.length)
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(pixels)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}
