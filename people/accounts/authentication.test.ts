import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { idText } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import type { Storage } from '@fermata/storage/port'
import { fakeClock } from '@fermata/testkit/clock'
import { sqliteGround } from '../rooms.world.ts'
import { authentication, type BearerLookup, type Known } from './authentication.ts'
import { accountsMigrations } from './migrations.ts'

const ground = sqliteGround()
const clock = fakeClock()
let storage: Storage
before(async () => {
  storage = await ground.open(accountsMigrations, clock)
})
after(async () => {
  await storage.close()
  await ground.remove()
})

const bytes = (last: number) => {
  const id = new Uint8Array(16)
  new DataView(id.buffer).setUint32(12, last)
  return id
}

function visitor(number: number): Known {
  return {
    caller: {
      kind: 'contact',
      workspace: idText('wsp', bytes(0)),
      id: idText('ctc', bytes(number)),
      name: '',
      inbox: idText('ibx', bytes(0)),
    },
    expiresAt: null,
  }
}

/** Authentication over a room downstream whose tokens are made up on the spot. */
function over(find: BearerLookup['find']) {
  let looks = 0
  const counting: BearerLookup = {
    prefix: 'fmv_',
    find(tx, hash) {
      looks += 1
      return find(tx, hash)
    },
  }
  const known = authentication({ storage, clock, bearers: [counting] })
  return { known, looks: () => looks }
}

const changed = (number: number) => ({
  type: 'contact.changed',
  only: null,
  body: JSON.stringify({ contact: idText('ctc', bytes(number)) }),
})

test('a token is looked up once within its time, and again after it', async () => {
  const { known, looks } = over(async () => visitor(1))
  for (let i = 0; i < 3; i++) assert.ok(await known.authenticate({ bearer: 'fmv_a' }))
  assert.equal(looks(), 1)
  clock.advance(limits.authenticationCacheMs)
  await known.authenticate({ bearer: 'fmv_a' })
  assert.equal(looks(), 2)
})

test('an event forgets whom it is about and nobody else', async () => {
  const { known, looks } = over(async (_, hash) => visitor(hash[0]!))
  await known.authenticate({ bearer: 'fmv_a' })
  const other = await known.authenticate({ bearer: 'fmv_b' })
  assert.equal(known.remembered(), 2)
  known.forget({ ...changed(1), body: JSON.stringify({ contact: other!.id }) })
  assert.equal(known.remembered(), 1)
  await known.authenticate({ bearer: 'fmv_a' })
  assert.equal(looks(), 2)
})

test('what was read before an event is not remembered after it', async () => {
  const { known } = over(async () => visitor(1))
  const asked = known.authenticate({ bearer: 'fmv_a' })
  known.forget(changed(1))
  await asked
  assert.equal(known.remembered(), 0)
})

test('unknown credentials are nobody, take no memory, and cookies and bearers are not exchanged', async () => {
  const { known, looks } = over(async () => undefined)
  for (const bearer of ['', 'fmv_', 'fmv_guess', 'fms_guess', 'fma_guess', 'x'.repeat(10_000)]) {
    assert.equal(await known.authenticate({ bearer }), null)
    assert.equal(await known.authenticate({ cookie: bearer }), null)
  }
  assert.equal(await known.authenticate({}), null)
  assert.equal(await known.authenticate({ bearer: `fmv_${'x'.repeat(100)}` }), null)
  assert.equal(looks(), 2, 'only the two short ones with the right beginning')
  assert.equal(known.remembered(), 0)
})

test('a bearer goes before a cookie, even when it opens nothing', async () => {
  const { known } = over(async () => visitor(1))
  const app = await known.authenticate({ bearer: 'fmv_a', cookie: 'fms_b' })
  assert.equal(app?.kind, 'contact')
  assert.equal(await known.authenticate({ bearer: 'fma_none', cookie: 'fmv_a' }), null)
})

test('no more credentials are remembered than the limit, the oldest go first', async () => {
  let number = 0
  const { known, looks } = over(async () => visitor((number += 1)))
  const max = limits.authenticationCacheEntriesMax
  for (let i = 0; i <= max; i++) await known.authenticate({ bearer: `fmv_${i}` })
  assert.equal(known.remembered(), max)
  await known.authenticate({ bearer: `fmv_${max}` })
  assert.equal(looks(), max + 1)
  await known.authenticate({ bearer: 'fmv_0' })
  assert.equal(looks(), max + 2)
})
