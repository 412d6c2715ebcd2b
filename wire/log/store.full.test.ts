import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { limits } from '@fermata/base/limits'
import { fakeClock } from '@fermata/testkit/clock'
import { until } from '@fermata/testkit/until'
import { appendRefused, batchOf, made, taken, textsIn } from './contract.world.ts'
import { openNodeDisk } from './disk.node.ts'
import { openFileLog } from './store.file.ts'
import { smallSizes } from './store.file.world.ts'
import type { Appended, LogStore } from './store.ts'
import { verifyFolder } from './verify.folder.ts'

const textOf = (number: number): string => `${number} ${'x'.repeat(20_000)}`

/** A batch that was handed in, and what became of it. */
interface Sent {
  readonly text: string
  readonly answer: Promise<Appended>
  isTaken: boolean
}

/** Appends until the log refuses; answers all that it took, the last of which may still wait. */
const fill = async (log: LogStore, partition: number, from: number): Promise<Sent[]> => {
  const sent: Sent[] = []
  for (let number = from; log.state().kind === 'serving'; number++) {
    assert.ok(number < from + 1_000, 'the disk becomes full')
    const text = textOf(number)
    const answer = log.append({ partition, batch: batchOf([text]), leaderEpoch: 0 }).then(taken)
    const one: Sent = { text, answer, isTaken: false }
    sent.push(one)
    // Refused in the turn in which the disk turned out to be full: it was not taken.
    answer.then(
      () => void (one.isTaken = true),
      () => void sent.splice(sent.indexOf(one), 1),
    )
    await until('it is taken, or the disk is full', () => {
      return one.isTaken || !sent.includes(one) || log.state().kind !== 'serving'
    })
  }
  return sent
}

const fillAndFree = async (place: string): Promise<void> => {
  const ballast = join(place, 'ballast')
  writeFileSync(ballast, new Uint8Array(3 * 1024 * 1024))
  const folder = join(place, 'log')
  mkdirSync(folder)
  const clock = fakeClock()
  const open = async () => {
    const disk = await openNodeDisk(folder)
    const log = await openFileLog({ disk, clock, randomU32: () => 5, sizes: smallSizes })
    return { disk, log }
  }
  const { disk, log } = await open()
  const orders = await made(log)
  const sent = await fill(log, orders, 0)
  assert.ok(sent.length > 10)
  assert.equal(log.state().kind, 'refusing')
  assert.equal((await appendRefused(log, orders, batchOf(['more']))).code, 'disk_full')
  const seen = sent.filter(({ isTaken }) => isTaken).map(({ text }) => text)
  assert.deepEqual((await textsIn(log, orders)).slice(0, seen.length), seen, 'reads go on')

  rmSync(ballast)
  await until('it has looked again', () => {
    clock.advance(limits.wireRetryMs)
    return log.state().kind === 'serving'
  })
  await Promise.all(sent.map(({ answer }) => answer))
  const more = await Promise.all(
    Array.from({ length: 20 }, async (_, number) => {
      const text = textOf(10_000 + number)
      taken(await log.append({ partition: orders, batch: batchOf([text]), leaderEpoch: 0 }))
      return text
    }),
  )
  const all = [...sent.map(({ text }) => text), ...more]
  assert.deepEqual(await textsIn(log, orders), all)
  await log.close()
  await disk.close()
  assert.deepEqual((await verifyFolder(folder, smallSizes)).findings, [])
  const again = await open()
  assert.deepEqual(await textsIn(again.log, orders), all, 'all that was acknowledged, and no more')
  await again.log.close()
  await again.disk.close()
}

test(
  'on a full disk appends are refused by name, reads go on, and with room again so do appends',
  { skip: process.getuid?.() === 0 ? false : 'only root may mount a small disk' },
  async () => {
    const place = await mkdtemp(join(tmpdir(), 'fermata-disk-'))
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=6m', 'fermata-test', place])
    try {
      await fillAndFree(place)
    } finally {
      execFileSync('umount', [place])
      rmdirSync(place)
    }
  },
)
