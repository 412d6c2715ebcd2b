import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pageBytes } from './arena.ts'
import type { Disk } from './disk.ts'
import { frameHeaderBytes, sealFrame } from './journal.frame.ts'
import { scanJournal } from './journal.scan.ts'

const salt = { high: 17, low: 4 }

/** A frame of one page; answers its bytes and its checksum. */
function frameOf(
  sequence: number,
  chain: number,
  { high, low } = salt,
): readonly [bytes: Uint8Array, checksum: number] {
  const bytes = new Uint8Array(pageBytes)
  bytes.fill(sequence, frameHeaderBytes, frameHeaderBytes + 40)
  const header = { saltHigh: high, saltLow: low, sequence, chain, bytes: 40 }
  return [bytes, sealFrame(bytes, header)]
}

/** A disk with one journal file. */
function diskOf(...pages: readonly Uint8Array[]): Pick<Disk, 'open' | 'list'> {
  const file = Buffer.concat(pages)
  const none = (): Promise<never> => Promise.reject(new Error('nobody writes here'))
  return {
    list: () => Promise.resolve([{ name: '0000.journal', bytes: file.length, isFolder: false }]),
    open: () =>
      Promise.resolve({
        read: (position, bytes) => Promise.resolve(file.subarray(position, position + bytes)),
        size: () => Promise.resolve(file.length),
        close: () => Promise.resolve(),
        write: none,
        flush: none,
        truncate: none,
      }),
  }
}

async function sequencesIn(...pages: readonly Uint8Array[]): Promise<readonly number[]> {
  const { frames, damaged } = await scanJournal(diskOf(...pages), {
    place: { sequence: 1, chain: 9 },
    salt,
  })
  assert.deepEqual(damaged, [])
  return frames.map(({ sequence }) => sequence)
}

test('frames are found in the order of their sequences, wherever they stand', async () => {
  const [first, checksum] = frameOf(1, 9)
  const [second] = frameOf(2, checksum)
  assert.deepEqual(await sequencesIn(second, first), [1, 2])
})

test('a frame that does not follow the one before is none, though its checksum and its salt are right', async () => {
  const [first, checksum] = frameOf(1, 9)
  const [stale] = frameOf(2, checksum + 1)
  assert.deepEqual(await sequencesIn(first, stale), [1])
})

test('a frame of another run, or one that a client has made up, is none', async () => {
  const [first, checksum] = frameOf(1, 9)
  const [forged] = frameOf(2, checksum, { high: 17, low: 5 })
  const [later] = frameOf(700, 0, { high: 0, low: 0 })
  assert.deepEqual(await sequencesIn(first, forged, later), [1])
})

test('a frame behind one that is missing says that the missing one is damaged', async () => {
  const [first, checksum] = frameOf(1, 9)
  const [second, next] = frameOf(2, checksum)
  const [third] = frameOf(3, next)
  second[frameHeaderBytes + 3]! ^= 1
  const found = await scanJournal(diskOf(first, second, third), {
    place: { sequence: 1, chain: 9 },
    salt,
  })
  assert.deepEqual(found.damaged, [{ from: 2, to: 3 }])
  assert.deepEqual(
    found.frames.map(({ sequence }) => sequence),
    [1, 3],
  )
})

test('a broken frame with nothing behind it was never acknowledged, and is cut off', async () => {
  const [first, checksum] = frameOf(1, 9)
  const [second] = frameOf(2, checksum)
  second[frameHeaderBytes + 3]! ^= 1
  const found = await scanJournal(diskOf(first, second), {
    place: { sequence: 1, chain: 9 },
    salt,
  })
  assert.deepEqual(found.damaged, [])
  assert.equal(found.torn?.at, pageBytes)
  assert.equal(found.frames.length, 1)
})
