import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { compressionsAlgorithms } from '@platformatic/kafka'
import { randomFrom } from '@fermata/testkit/random'
import type { Compression } from './batch.ts'
import { compress, decompress, hasCompression } from './compression.ts'
import { crc32c } from './crc32c.ts'
import { int32At, putInt32 } from './integers.ts'

const names = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const
const compressions: readonly Compression[] = [0, 1, 2, 3, 4]

/** Bytes of which some parts repeat and others do not. */
function bytesOf(length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  const random = randomFrom(length)
  random.fill(bytes.subarray(0, length >> 1))
  for (let at = length >> 1; at < length; at++) bytes[at] = at % 7
  return bytes
}

const lengths = [0, 1, 100, 32_767, 32_768, 32_769, 65_537, 300_000]

for (const compression of compressions) {
  const name = names[compression]

  test(`${name}: what was compressed is decompressed, here and by a client`, () => {
    for (const length of lengths) {
      const bytes = bytesOf(length)
      const packed = compress(bytes, compression)
      assert.deepEqual(decompress(packed, compression), { ok: true, value: bytes })
      // The client has no way to say that a frame of snappy has no chunks.
      if (length === 0 && name !== 'gzip') continue
      const theirs = compressionsAlgorithms[name].decompressSync(Buffer.from(packed))
      assert.deepEqual(new Uint8Array(theirs), bytes)
    }
  })

  test(`${name}: what a client has compressed is decompressed`, () => {
    // Its compressors know no empty input.
    for (const length of lengths.slice(1)) {
      const bytes = bytesOf(length)
      const packed = compressionsAlgorithms[name].compressSync(Buffer.from(bytes))
      const opened = decompress(new Uint8Array(packed), compression)
      assert.deepEqual(opened, { ok: true, value: bytes })
    }
  })

  test(`${name}: the limit is met exactly`, () => {
    const packed = compress(bytesOf(100_000), compression)
    assert.ok(decompress(packed, compression, 100_000).ok)
    assert.equal(decompress(packed, compression, 99_999).ok, false)
    assert.equal(decompress(packed, compression, 1).ok, false)
  })

  if (compression === 0) continue
  test(`${name}: what is cut off anywhere is refused`, () => {
    for (const length of [0, 200]) {
      const packed = compress(bytesOf(length), compression)
      for (let end = 0; end < packed.length; end++) {
        // A frame of snappy does not say how many chunks it has.
        if (name === 'snappy' && length > 0 && end === 16) continue
        assert.equal(decompress(packed.subarray(0, end), compression).ok, false, `${end} bytes`)
      }
    }
  })

  test(`${name}: what cannot be decompressed is a refusal`, () => {
    for (const hex of [
      '',
      '00',
      'ffffffff',
      '82534e4150505900',
      '04224d18',
      '1f8b08',
      '28b52ffd',
    ]) {
      const refusal = decompress(Buffer.from(hex, 'hex'), compression)
      // The bare block of one zero is snappy for nothing.
      if (name === 'snappy' && hex === '00') assert.ok(refusal.ok)
      else assert.equal(refusal.ok, false, hex)
    }
  })
}

test('gzip of several members, and zstd of several frames, are read to the end', () => {
  const bytes = bytesOf(50)
  const twice = new Uint8Array([...bytes, ...bytes])
  const members = Buffer.concat([gzipSync(bytes), gzipSync(bytes)])
  assert.deepEqual(decompress(members, 1), { ok: true, value: twice })
  assert.equal(decompress(members, 1, 99).ok, false)
  const frames = Buffer.concat([zstdCompressSync(bytes), zstdCompressSync(bytes)])
  assert.deepEqual(decompress(frames, 4), { ok: true, value: twice })
  assert.equal(decompress(frames, 4, 99).ok, false)
})

test('snappy is written in the frame of the Java client, in chunks of 32 KiB', () => {
  const bytes = bytesOf(100_000)
  const frame = Buffer.from(compress(bytes, 2))
  assert.equal(frame.subarray(0, 16).toString('hex'), '82534e41505059000000000100000001')
  const parts: Buffer[] = []
  for (let at = 16; at < frame.length; at += 4 + int32At(frame, at)) {
    const chunk = frame.subarray(at + 4, at + 4 + int32At(frame, at))
    parts.push(Buffer.from(compressionsAlgorithms.snappy.decompressSync(chunk)))
  }
  assert.deepEqual(
    parts.map(({ length }) => length),
    [32_768, 32_768, 32_768, 1_696],
  )
  assert.deepEqual(new Uint8Array(Buffer.concat(parts)), bytes)
})

test('a frame of snappy whose chunks do not fit is refused', () => {
  const frame = compress(bytesOf(40_000), 2)
  const firstChunk = int32At(frame, 16)
  for (const length of [-1, 0, firstChunk - 1, firstChunk + 1, frame.length, 2 ** 31 - 1]) {
    const changed = frame.slice()
    putInt32(changed, 16, length)
    assert.equal(decompress(changed, 2).ok, false, `${length} bytes`)
  }
  const single = compress(bytesOf(100), 2)
  for (const change of [-1, 1]) {
    const changed = single.slice()
    putInt32(changed, 16, single.length - 20 + change)
    assert.equal(decompress(changed, 2).ok, false, `${change} byte`)
  }
  const newer = frame.slice()
  putInt32(newer, 12, 2)
  assert.equal(decompress(newer, 2).ok, false)
})

test('a block of snappy that promises more than it holds takes no memory', () => {
  for (const hex of ['ffffffff0f00', 'ffffffffff00', 'ffffffff', '8080808080808000']) {
    assert.equal(decompress(Buffer.from(hex, 'hex'), 2).ok, false, hex)
  }
})

test('without the addons the rest goes on, and what is missing is refused by name', () => {
  const hooks = `data:text/javascript,${encodeURIComponent(`
    import { registerHooks } from 'node:module'
    const absent = ['snappy', 'lz4-napi', '@node-rs/crc32']
    registerHooks({
      resolve(name, context, next) {
        if (absent.includes(name)) throw new Error(name + ' was not built for this machine')
        return next(name, context)
      },
    })`)}`
  const program = `
    import { decompress, hasCompression } from ${JSON.stringify(import.meta.resolve('./compression.ts'))}
    import { crc32c } from ${JSON.stringify(import.meta.resolve('./crc32c.ts'))}
    const found = [0, 1, 2, 3, 4].map((compression) => hasCompression(compression))
    const refusals = [2, 3].map((compression) => decompress(new Uint8Array(9), compression).refusal)
    process.stdout.write(JSON.stringify({ found, refusals, crc: crc32c(new Uint8Array(1_000)) }))`
  const child = spawnSync(
    process.execPath,
    ['--import', hooks, '--input-type=module', '--eval', program],
    { encoding: 'utf8' },
  )
  assert.equal(child.status, 0, child.stderr)
  const reason = 'its compression is not available here'
  assert.deepEqual(JSON.parse(child.stdout), {
    found: [true, true, false, false, true],
    refusals: [
      { code: 'corrupt_batch', reason },
      { code: 'corrupt_batch', reason },
    ],
    crc: crc32c(new Uint8Array(1_000)),
  })
  assert.ok(compressions.every(hasCompression))
})
