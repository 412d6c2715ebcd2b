import assert from 'node:assert/strict'
import { test } from 'node:test'
import { idText } from '@fermata/base/ids'
import type { Storage } from '@fermata/storage/port'
import { waiters } from './waiters.ts'

const some = new Uint8Array(16)

test('who goes while it is looked whether there is anything takes nothing any more', async () => {
  const looks: ((found: never) => void)[] = []
  const storage = {
    read: () => new Promise<never>((found) => looks.push(found)),
    onHead: () => () => {},
  } satisfies Pick<Storage, 'read' | 'onHead'>
  const taken: string[] = []
  const waiting = waiters(storage)
  const join = (name: string) =>
    waiting.join(idText('wsp', some), idText('ibx', some), async () => void taken.push(name))
  const leave = join('gone')
  join('here')
  assert.equal(looks.length, 1)
  leave?.()
  while (looks.length > 0) {
    looks.shift()?.(true as never)
    for (let turn = 0; turn < 5; turn++) await Promise.resolve()
  }
  assert.equal(taken.includes('gone'), false)
  assert.equal(taken.includes('here'), true)
  waiting.stop()
})
