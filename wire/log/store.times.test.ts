import assert from 'node:assert/strict'
import { test } from 'node:test'
import { limits } from '@fermata/base/limits'
import { batchHeaderBytes } from './batch.ts'
import { append, batchOf, made, recordTime } from './contract.world.ts'
import { crc32c } from './crc32c.ts'
import { openFileWorld } from './store.file.world.ts'

/** Where a batch says what its latest time is, its checksum, and from where that counts. */
const [maxTimestampAt, checksumAt, checkedAt] = [35, 17, 21]

/** A batch whose header promises a later time than any of its records has. */
function lying(text: string, promised: number): Uint8Array {
  const batch = batchOf([text], { compression: 1 })
  const view = new DataView(batch.buffer, batch.byteOffset, batch.length)
  view.setBigInt64(maxTimestampAt, BigInt(promised))
  view.setUint32(checksumAt, crc32c(batch.subarray(checkedAt)))
  assert.ok(batch.length > batchHeaderBytes)
  return batch
}

void test('headers that promise in vain are unpacked some times, and then believed', async (t) => {
  const { log } = await openFileWorld(t)
  const partition = await made(log)
  const promised = recordTime + 5_000
  const find = async (timestamp: number) => {
    const found = await log.findTime({ partition, timestamp, committed: false })
    assert.ok(found.ok)
    return found.value
  }
  for (let at = 0; at < limits.timeSearchVainMax; at++) {
    await append(log, partition, lying('a', promised))
  }
  assert.equal(await find(promised), undefined, 'so few are looked through')
  await append(log, partition, ['b'])
  for (let at = 0; at < 10; at++) {
    await append(log, partition, lying('c', promised))
  }
  const believed = await find(promised)
  assert.deepEqual(believed, { offset: limits.timeSearchVainMax + 1, timestamp: promised })
  // What is there is found as ever.
  assert.deepEqual(await find(recordTime), { offset: 0, timestamp: recordTime })
})
