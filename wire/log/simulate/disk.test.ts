import assert from 'node:assert/strict'
import { test } from 'node:test'
import { randomFrom } from '@fermata/testkit/random'
import { DiskFailure, type DiskFailureCode } from '../disk.ts'
import { fakeDisk, noFaults, type DiskImage, type FakeDisk } from './disk.ts'
import { drawRot, spoil } from './rot.ts'
import { newSteps, settled, type Steps } from './steps.ts'

interface World {
  readonly disk: FakeDisk
  readonly steps: Steps
  /** Lets everything happen that was asked for, and answers what a promise resolves with. */
  done<T>(promise: Promise<T>): Promise<T>
}

function world(seed: number, image?: DiskImage): World {
  const random = randomFrom(seed)
  const steps = newSteps(random)
  const disk = fakeDisk(random, { steps, image, faults: noFaults() })
  return {
    disk,
    steps,
    async done(promise) {
      // Looked at here, so that no refusal is without somebody who hears it.
      promise.catch(() => undefined)
      await settled()
      while (await steps.next());
      return promise
    },
  }
}

/** All different answers that many seeds give. */
async function outcomes(run: (seed: number) => Promise<string>, seeds = 300): Promise<string[]> {
  const seen = new Set<string>()
  for (let seed = 0; seed < seeds; seed++) seen.add(await run(seed))
  return [...seen].toSorted()
}

function failsWith(code: DiskFailureCode): (error: unknown) => boolean {
  return (error) => error instanceof DiskFailure && error.code === code
}

const bytes = (length: number, value: number): Uint8Array => new Uint8Array(length).fill(value)

/** A file's bytes as a text of one digit for each 512 of them; `-` where there is no file. */
function sectors(file: Buffer | undefined): string {
  if (!file) return '-'
  let text = ''
  for (let at = 0; at < file.length; at += 512)
    text += [...new Set(file.subarray(at, at + 512))].join('+')
  return text
}

test('what is written is read at once, and nothing of it need be there after a power cut', async () => {
  const seen = await outcomes(async (seed) => {
    const { disk, done } = world(seed)
    const file = await done(disk.open('a', { create: true }))
    await done(disk.flushFolder(''))
    await done(file.write(0, [bytes(512, 1), bytes(1024, 2)]))
    assert.equal(sectors(Buffer.from(await done(file.read(0, 9_999)))), '122')
    return sectors(disk.crash('power').root.entries.has('a') ? disk.files().get('a') : undefined)
  }, 2_000)
  assert.deepEqual(seen, ['', '000', '002', '020', '022', '100', '102', '120', '122'])
})

test('a kill takes nothing that was written', async () => {
  const seen = await outcomes(async (seed) => {
    const { disk, done } = world(seed)
    const file = await done(disk.open('a', { create: true }))
    await done(file.write(0, [bytes(512, 1)]))
    const next = world(seed, disk.crash('kill'))
    return sectors(next.disk.files().get('a'))
  })
  assert.deepEqual(seen, ['1'])
})

test('what was written before a kill and never flushed goes with the next power cut', async () => {
  const seen = await outcomes(async (seed) => {
    const { disk, done } = world(seed)
    const file = await done(disk.open('a', { create: true }))
    await done(disk.flushFolder(''))
    await done(file.write(0, [bytes(512, 1)]))
    const next = world(seed, disk.crash('kill'))
    next.disk.crash('power')
    return sectors(next.disk.files().get('a'))
  })
  assert.deepEqual(seen, ['', '0', '1'])
})

test('a flush covers what was written before it was asked for, and nothing later', async () => {
  const seen = await outcomes(async (seed) => {
    const { disk, done } = world(seed)
    const file = await done(disk.open('a', { create: true }))
    await done(disk.flushFolder(''))
    await done(file.write(0, [bytes(512, 1)]))
    const flush = file.flush()
    await done(file.write(512, [bytes(512, 2)]))
    await done(flush)
    disk.crash('power')
    return sectors(disk.files().get('a'))
  })
  assert.deepEqual(seen, ['1', '10', '12'])
})

test('of writes to one sector the later never stays without the earlier', async () => {
  const seen = await outcomes(async (seed) => {
    const { disk, done } = world(seed)
    const file = await done(disk.open('a', { create: true }))
    await done(file.write(0, [bytes(512, 3)]))
    await done(file.flush())
    await done(disk.flushFolder(''))
    await done(file.write(0, [bytes(256, 1)]))
    await done(file.write(256, [bytes(256, 2)]))
    disk.crash('power')
    return sectors(disk.files().get('a'))
  })
  assert.deepEqual(seen, ['1+2', '1+3', '3'])
})

test('writes that are in the air together happen in any order', async () => {
  const seen = await outcomes(async (seed) => {
    const { disk, done } = world(seed)
    const file = await done(disk.open('a', { create: true }))
    await done(Promise.all([file.write(0, [bytes(512, 1)]), file.write(0, [bytes(512, 2)])]))
    return sectors(disk.files().get('a'))
  })
  assert.deepEqual(seen, ['1', '2'])
})

test('what is in the air at a crash is done, or in part, or not at all', async () => {
  const seen = await outcomes(async (seed) => {
    const { disk, done } = world(seed)
    const file = await done(disk.open('a', { create: true }))
    await done(file.write(0, [bytes(512, 3)]))
    void file.write(0, [bytes(512, 1)])
    disk.crash('kill')
    return sectors(disk.files().get('a'))
  })
  assert.deepEqual(seen, ['1', '1+3', '3'])
})

test('after a crash nobody hears of anything', async () => {
  const { disk, steps, done } = world(1)
  const file = await done(disk.open('a', { create: true }))
  let heard = 0
  const hear = (): void => void heard++
  void file.write(0, [bytes(512, 1)]).then(hear, hear)
  disk.crash('power')
  void file.flush().then(hear, hear)
  while (await steps.next());
  assert.equal(heard, 0)
})

test('a name stays if its folder was flushed', async () => {
  const seen = await outcomes(async (seed) => {
    const { disk, done } = world(seed)
    await done(disk.makeFolder('f'))
    await done(disk.flushFolder(''))
    await done(disk.open('f/a', { create: true }))
    await done(disk.flushFolder('f'))
    await done(disk.open('f/b', { create: true }))
    await done(disk.open('f/c', { create: true }))
    disk.crash('power')
    return [...disk.files().keys()].join()
  })
  assert.deepEqual(seen, ['f/a', 'f/a,f/b', 'f/a,f/b,f/c', 'f/a,f/c'])
})

test('a flushed folder goes with the one above it that was not', async () => {
  const seen = await outcomes(async (seed) => {
    const { disk, done } = world(seed)
    await done(disk.makeFolder('f'))
    await done(disk.open('f/a', { create: true }))
    await done(disk.flushFolder('f'))
    disk.crash('power')
    return [...disk.files().keys()].join()
  })
  assert.deepEqual(seen, ['', 'f/a'])
})

test('a file that is renamed has the old name or the new one, and replaces in one step', async () => {
  const seen = await outcomes(async (seed) => {
    const { disk, done } = world(seed)
    for (const [at, name] of ['new', 'old'].entries()) {
      const file = await done(disk.open(name, { create: true }))
      await done(file.write(0, [bytes(512, at)]))
      await done(file.flush())
    }
    await done(disk.flushFolder(''))
    await done(disk.rename('new', 'old'))
    disk.crash('power')
    return [...disk.files()].map(([name, file]) => `${name}${sectors(file)}`).join()
  })
  assert.deepEqual(seen, ['new0,old1', 'old0'])
})

test('a file that moves to another folder is never nowhere', async () => {
  const seen = await outcomes(async (seed) => {
    const { disk, done } = world(seed)
    await done(Promise.all([disk.makeFolder('f'), disk.makeFolder('g')]))
    await done(disk.open('f/a', { create: true }))
    await done(Promise.all(['', 'f', 'g'].map(async (folder) => disk.flushFolder(folder))))
    await done(disk.rename('f/a', 'g/b'))
    if (seed % 3 === 1) await done(disk.flushFolder('f'))
    if (seed % 3 === 2) await done(disk.flushFolder('g'))
    disk.crash('power')
    return `${seed % 3} ${[...disk.files().keys()].join()}`
  }, 900)
  assert.deepEqual(seen, ['0 f/a', '0 f/a,g/b', '0 g/b', '1 g/b', '2 f/a,g/b', '2 g/b'])
})

test('a removed folder may come back, in part; one whose loss was flushed does not', async () => {
  const run = (isFlushed: boolean) => async (seed: number) => {
    const { disk, done } = world(seed)
    await done(disk.makeFolder('f'))
    await done(disk.flushFolder(''))
    await done(disk.open('f/a', { create: true }))
    await done(disk.open('f/b', { create: true }))
    await done(disk.flushFolder('f'))
    await done(disk.remove('f'))
    if (isFlushed) await done(disk.flushFolder(''))
    disk.crash('power')
    return [...disk.files().keys()].join()
  }
  assert.deepEqual(await outcomes(run(false)), ['', 'f/a', 'f/a,f/b', 'f/b'])
  assert.deepEqual(await outcomes(run(true)), [''])
})

test('a file that was made shorter and longer again never shows what was behind', async () => {
  const seen = await outcomes(async (seed) => {
    const { disk, done } = world(seed)
    const file = await done(disk.open('a', { create: true }))
    await done(file.write(0, [bytes(1024, 1)]))
    await done(file.flush())
    await done(disk.flushFolder(''))
    await done(file.truncate(0))
    await done(file.write(1024, [bytes(512, 2)]))
    assert.equal(sectors(disk.files().get('a')), '002')
    disk.crash('power')
    return sectors(disk.files().get('a'))
  })
  assert.deepEqual(seen, ['', '00', '000', '002', '11'])
})

test('a flush that fails leaves any part behind, and the disk fails from then on or forgets', async () => {
  const seen = await outcomes(async (seed) => {
    const { disk, done } = world(seed)
    const file = await done(disk.open('a', { create: true }))
    await done(disk.flushFolder(''))
    await done(file.write(0, [bytes(512, 1)]))
    disk.faults.failsFlush = seed % 2 ? 'all' : 'once'
    await assert.rejects(done(file.flush()), failsWith('failed'))
    if (seed % 2) await assert.rejects(done(file.read(0, 1)), failsWith('failed'))
    else await done(file.flush())
    const killed = world(seed, disk.crash('kill'))
    const inCache = sectors(killed.disk.files().get('a'))
    killed.disk.crash('power')
    return `${inCache} then ${sectors(killed.disk.files().get('a'))}`
  })
  assert.deepEqual(seen, ['1 then ', '1 then 0', '1 then 1'])
})

test('a full disk takes what there is room for, and has room again', async () => {
  const { disk, done } = world(1)
  const file = await done(disk.open('a', { create: true }))
  disk.faults.bytesMax = 1024
  await assert.rejects(done(file.write(0, [bytes(1536, 1)])), failsWith('disk_full'))
  assert.equal(sectors(disk.files().get('a')), '11')
  await done(file.write(0, [bytes(1024, 2)]))
  await assert.rejects(done(disk.open('b', { create: true })), failsWith('disk_full'))
  await done(file.truncate(512))
  await done(disk.open('b', { create: true }))
})

test('a disk that takes no writes answers reads, and descriptors end', async () => {
  const { disk, done } = world(1)
  const file = await done(disk.open('a', { create: true }))
  await done(file.write(0, [bytes(512, 1)]))
  disk.faults.isReadOnly = true
  await assert.rejects(done(file.write(0, [bytes(1, 2)])), failsWith('disk_read_only'))
  await assert.rejects(done(disk.remove('a')), failsWith('disk_read_only'))
  assert.equal(sectors(Buffer.from(await done(file.read(0, 512)))), '1')
  disk.faults.filesOpenMax = 1
  await assert.rejects(done(disk.open('a')), failsWith('files_exhausted'))
  await done(file.close())
  assert.equal(disk.filesOpen(), 0)
  await done(disk.open('a'))
})

test('what a log must not do is told: use after close, puts at the same time or beyond the end', async () => {
  const { disk, done } = world(1)
  const file = await done(disk.open('a', { create: true }))
  await done(file.truncate(512))
  const flushed = await done(disk.openFlushed('a'))
  await done(flushed.put(0, [bytes(512, 1)]))
  await assert.rejects(done(flushed.put(1, [bytes(512, 1)])))
  const first = flushed.put(0, [bytes(512, 2)])
  await assert.rejects(done(flushed.put(0, [bytes(512, 3)])))
  await done(first)
  const read = file.read(0, 1)
  await Promise.allSettled([done(read), done(file.close())])
  await assert.rejects(done(file.read(0, 1)))
  assert.ok(disk.misuses.length >= 3, disk.misuses.join())
  disk.crash('power')
})

test('what was put is on disk', async () => {
  const seen = await outcomes(async (seed) => {
    const { disk, done } = world(seed)
    const file = await done(disk.open('a', { create: true }))
    await done(file.write(0, [bytes(1024, 0)]))
    await done(file.flush())
    await done(disk.flushFolder(''))
    const flushed = await done(disk.openFlushed('a'))
    await done(flushed.put(0, [bytes(512, 1)]))
    void flushed.put(512, [bytes(512, 2)])
    disk.crash('power')
    return sectors(disk.files().get('a'))
  })
  assert.deepEqual(
    seen,
    ['10', '10+2', '12', '12+0'].filter((text) => seen.includes(text)).toSorted(),
  )
  assert.ok(seen.includes('10') && seen.includes('12'))
})

test('rot changes one place of one file, and says which', async () => {
  const kinds = new Set<string>()
  for (let seed = 0; seed < 200; seed++) {
    const { disk, done } = world(seed)
    const file = await done(disk.open('a', { create: true }))
    await done(file.write(0, [bytes(2048, 7)]))
    await done(file.flush())
    await done(disk.flushFolder(''))
    const image = disk.crash('power')
    const random = randomFrom(seed)
    const spoilt = drawRot(image, random)
    assert.ok(spoilt)
    spoil(image, spoilt, random)
    kinds.add(spoilt.kind)
    const after = disk.files().get('a')!
    const changed = Array.from({ length: 2048 }, (_, at) => at).filter((at) => after[at] !== 7)
    assert.ok(changed.length > 0 && changed.every((at) => at >= spoilt.from && at < spoilt.to))
  }
  assert.deepEqual([...kinds].toSorted(), ['bit', 'cut', 'noise', 'zeros'])
})

test('the same seed gives the same disk', async () => {
  const run = async (seed: number): Promise<string> => {
    const { disk, done } = world(seed)
    const file = await done(disk.open('a', { create: true }))
    for (let at = 0; at < 20; at++)
      void file.write(at * 700, [bytes(900, at)]).catch(() => undefined)
    void done(file.flush())
    await done(file.read(0, 1))
    disk.crash('power')
    return sectors(disk.files().get('a'))
  }
  for (let seed = 0; seed < 50; seed++) assert.equal(await run(seed), await run(seed))
})
