import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ConversationId } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import { allOf, extended, nothingSelected, toggled } from './selection.ts'

const list = Array.from({ length: 300 }, (_, at): ConversationId => `cnv_${at}`)
const [a, b, c, d] = list as [ConversationId, ConversationId, ConversationId, ConversationId]

test('one is chosen, and chosen again it is not', () => {
  const one = toggled(nothingSelected, b)
  assert.deepEqual([...one.ids], [b])
  assert.deepEqual([...toggled(one, b).ids], [])
})

test('it goes on from the last one, up or down, and keeps what was chosen', () => {
  const down = extended(toggled(nothingSelected, b), list, d)
  assert.deepEqual([...down.ids], [b, c, d])
  assert.deepEqual([...extended(down, list, a).ids].toSorted(), [a, b, c, d])
  assert.deepEqual([...extended(nothingSelected, list, c).ids], [c])
  assert.deepEqual(
    [...extended(toggled(nothingSelected, 'cnv_gone'), list, c).ids],
    ['cnv_gone', c],
  )
})

test('there are never more than can be done at once', () => {
  const { ids } = allOf(list)
  assert.equal(ids.size, limits.bulkConversationsMax)
  assert.ok(!toggled(allOf(list), 'cnv_other').ids.has('cnv_other'))
})
