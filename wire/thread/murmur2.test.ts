import assert from 'node:assert/strict'
import { test } from 'node:test'
import { randomFrom } from '@fermata/testkit/random'
import kafkajs from 'kafkajs'
import { partitionOfKey } from './murmur2.ts'

void test('a key belongs where another client puts it', () => {
  const assign = kafkajs.Partitioners.DefaultPartitioner()
  const random = randomFrom(7)
  for (let at = 0; at < 500; at++) {
    const count = 1 + random.below(20)
    const key = Buffer.from(Array.from({ length: random.below(12) }, () => random.below(256)))
    const partitionMetadata = Array.from({ length: count }, (_, partitionId) => ({
      ...{ partitionId, leader: 1, partitionErrorCode: 0, replicas: [1], isr: [1] },
    }))
    const theirs = assign({ topic: 'orders', partitionMetadata, message: { key, value: null } })
    assert.equal(partitionOfKey(key, count), theirs, key.toString('hex'))
  }
})
