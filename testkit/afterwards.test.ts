import assert from 'node:assert/strict'
import { setImmediate as turn } from 'node:timers/promises'
import { test } from 'node:test'
import { afterwards } from './afterwards.ts'

test('what was asked for last is done first, and waited for', async (t) => {
  const done: string[] = []
  await t.test('a server in a folder', (inner) => {
    afterwards(inner, () => done.push('the folder is gone'))
    afterwards(inner, async () => {
      await turn()
      done.push('the server is gone')
    })
    done.push('over')
  })
  assert.deepEqual(done, ['over', 'the server is gone', 'the folder is gone'])
})
