import assert from 'node:assert/strict'
import { constants } from 'node:fs'
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { seededRandom } from '@fermata/testkit/random'
import { DiskFailure } from './disk.ts'
import { openNodeDisk } from './disk.node.ts'
import { openWriteThread, writesRowsMax, type WriteThread } from './disk.writes.ts'

async function inFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'fermata-writes-'))
  t.after(() => rm(folder, { recursive: true }))
  return folder
}

function shared(bytes: number, fill: (index: number) => number): Uint8Array {
  const memory = new Uint8Array(new SharedArrayBuffer(bytes))
  for (let index = 0; index < bytes; index++) memory[index] = fill(index)
  return memory
}

async function openThread(t: TestContext): Promise<WriteThread> {
  const thread = await openWriteThread()
  t.after(() => thread.close())
  return thread
}

test('more writes than the ring has rows end where they belong, whatever their parts', async (t) => {
  const random = seededRandom('writes')
  const folder = await inFolder(t)
  const disk = await openNodeDisk(folder)
  t.after(() => disk.close())
  const memories = [1, 2, 3].map((seed) => shared(9_000, (index) => (index * 31 * seed) & 0xff))
  const names = ['a', 'b', 'c']
  const files = await Promise.all(names.map((name) => disk.open(name, { create: true })))
  const wanted: number[][] = names.map(() => [])
  const writes: Promise<void>[] = []
  for (let round = 0; round < 2 * writesRowsMax; round++) {
    const file = random.below(files.length)
    const parts = Array.from({ length: 1 + random.below(3) }, () => {
      const memory = memories[random.below(memories.length)]!
      const from = random.below(memory.length)
      return memory.subarray(from, from + random.below(Math.min(200, memory.length - from)))
    })
    writes.push(files[file]!.write(wanted[file]!.length, parts))
    for (const part of parts) wanted[file]!.push(...part)
  }
  await Promise.all(writes)
  for (const [index, name] of names.entries()) {
    const found = await readFile(join(folder, name))
    assert.ok(found.equals(Uint8Array.from(wanted[index]!)), name)
    await files[index]!.close()
  }
})

test('a write that fails says so, and those beside it are done', async (t) => {
  const thread = await openThread(t)
  const folder = await inFolder(t)
  await writeFile(join(folder, 'closed to writers'), '')
  const locked = await open(join(folder, 'closed to writers'), constants.O_RDONLY)
  const free = await open(join(folder, 'free'), 'w+')
  t.after(() => Promise.all([locked.close(), free.close()]))
  const part = shared(10, () => 7)
  const [first, second, third] = await Promise.allSettled([
    thread.write({ descriptor: free.fd, path: 'free' }, 0, [part]),
    thread.write({ descriptor: locked.fd, path: 'locked' }, 0, [part]),
    thread.write({ descriptor: free.fd, path: 'free' }, 10, [part]),
  ])
  assert.equal(first.status, 'fulfilled')
  assert.equal(third.status, 'fulfilled')
  assert.ok(second.status === 'rejected' && second.reason instanceof DiskFailure)
  assert.match(second.reason.message, /^locked: /)
  assert.equal((await readFile(join(folder, 'free'))).length, 20)
})

test('one write may have more parts than the ring has rows', async (t) => {
  const thread = await openThread(t)
  const folder = await inFolder(t)
  const file = await open(join(folder, 'long'), 'w+')
  t.after(() => file.close())
  const memory = shared(3 * writesRowsMax, (index) => index % 251)
  const parts = Array.from(memory, (_, index) => memory.subarray(index, index + 1))
  await thread.write({ descriptor: file.fd, path: 'long' }, 0, parts)
  assert.ok((await readFile(join(folder, 'long'))).equals(memory))
})

test('a full disk is told by its name', { skip: process.platform !== 'linux' }, async (t) => {
  const thread = await openThread(t)
  const full = await open('/dev/full', 'w')
  t.after(() => full.close())
  const write = thread.write({ descriptor: full.fd, path: 'full' }, 0, [shared(10, () => 1)])
  await assert.rejects(write, (error: DiskFailure) => error.code === 'disk_full')
})
