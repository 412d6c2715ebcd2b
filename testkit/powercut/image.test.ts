import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { randomFrom } from '../random.ts'
import { DiskImages, sectorBytes } from './image.ts'
import type { Recording } from './operations.ts'
import { RecordingReader } from './recording.ts'
import { hex, line, opens, writes } from './trace.fixture.ts'

const read = (lines: readonly string[], base: Record<string, string> = {}): Recording => {
  const reader = new RecordingReader({
    folder: '/data',
    base: new Map(Object.entries(base).map(([path, text]) => [path, Buffer.from(text)])),
    isVolatile: () => false,
  })
  for (const text of lines) reader.take(text)
  return reader.end()
}

/** All different disks that many seeds give for one cut. */
const disks = (recording: Recording, cut = recording.lines): string[] => {
  const found = new Set<string>()
  for (let seed = 0; seed < 400; seed++) {
    const image = new DiskImages(recording).at(cut, randomFrom(seed))
    found.add(
      [...image]
        .map(([path, data]) => `${path}=${data.toString()}`)
        .toSorted()
        .join(' '),
    )
  }
  return [...found].toSorted()
}

test('what was flushed is on every disk, and what was not is on some', () => {
  const recording = read(
    [
      opens('/data/db', 5, 'O_RDWR'),
      writes(5, 'flushed', 0),
      line('fdatasync(5)', 0),
      writes(5, '!', 7),
    ],
    { db: '' },
  )
  assert.deepEqual(disks(recording), ['db=flushed', 'db=flushed\0', 'db=flushed!'])
  assert.deepEqual(disks(recording, 2), ['db=', 'db=\0\0\0\0\0\0\0', 'db=flushed'])
})

test('a write may be torn at the borders of sectors and nowhere else', () => {
  const [a, b] = ['a'.repeat(sectorBytes), 'b'.repeat(sectorBytes)]
  const before = '-'.repeat(2 * sectorBytes)
  const recording = read([opens('/data/db', 5, 'O_RDWR'), writes(5, a + b, 0)], { db: before })
  const half = '-'.repeat(sectorBytes)
  assert.deepEqual(
    disks(recording),
    [before, half + b, a + half, a + b].map((text) => `db=${text}`),
  )
})

test('a name that was not flushed may be missing, and a move may have happened or not, never half', () => {
  const made = read([opens('/data/new', 5), writes(5, 'x', 0), line('fsync(5)', 0)])
  assert.deepEqual(disks(made), ['', 'new=x'])
  const moved = read([line(`rename(${hex('/data/new')}, ${hex('/data/old')})`, 0)], {
    new: 'n',
    old: 'o',
  })
  assert.deepEqual(disks(moved), ['new=n old=o', 'old=n'])
})

test('what is in a folder that was lost is lost with it', () => {
  const lines = [
    line(`mkdir(${hex('/data/keys')}, 0700)`, 0),
    opens('/data/keys/k', 5),
    writes(5, 'x', 0),
    line('fsync(5)', 0),
    opens('/data/keys', 6, 'O_RDONLY'),
    line('fsync(6)', 0),
  ]
  assert.deepEqual(disks(read(lines)), ['', 'keys/k=x'])
  const whole = [...lines, opens('/data', 7, 'O_RDONLY'), line('fsync(7)', 0)]
  assert.deepEqual(disks(read(whole)), ['keys/k=x'])
})

test('a truncation and what was written after it may each be lost', () => {
  const recording = read(
    [opens('/data/wal', 5, 'O_RDWR'), line('ftruncate(5, 0)', 0), writes(5, 'n', 0)],
    { wal: 'old' },
  )
  assert.deepEqual(disks(recording), ['wal=', 'wal=\0', 'wal=n', 'wal=nld', 'wal=old'])
})

test('the disk of any cut holds every byte that was flushed last, for any order of writes', () => {
  const step = fc.oneof(
    fc.record({ offset: fc.nat({ max: 3_000 }), length: fc.integer({ min: 1, max: 1_500 }) }),
    fc.constant('flush' as const),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), fc.nat(), (steps, seed) => {
      const lines = [opens('/data/db', 5, 'O_RDWR')]
      const flushed = new Map<number, number>()
      const written = new Map<number, number>()
      for (const [index, one] of steps.entries()) {
        if (one === 'flush') {
          lines.push(line('fdatasync(5)', 0))
          for (const [offset, byte] of written) flushed.set(offset, byte)
          written.clear()
        } else {
          lines.push(writes(5, Buffer.alloc(one.length, index + 1), one.offset))
          for (let i = 0; i < one.length; i++) written.set(one.offset + i, index + 1)
        }
      }
      const recording = read(lines, { db: '' })
      const db = new DiskImages(recording).at(recording.lines, randomFrom(seed)).get('db')
      for (const [offset, byte] of flushed) {
        if (!written.has(offset)) assert.equal(db?.[offset], byte)
      }
    }),
  )
})
