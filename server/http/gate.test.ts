import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ok, refused } from '@fermata/base/result'
import { refusal } from '@fermata/contract/errors'
import type { Handlers } from '@fermata/people/handler'
import { handGate, rehearse, type Rehearsal } from './rehearsal.world.ts'

type Ask = (app: Rehearsal['app']) => Promise<unknown>

const get: Ask = (app) => app.inject('/v1/setup')

const cases: Record<string, { ask: Ask; answer?: Handlers['setup.get'] }> = {
  'a read or a repeat': { ask: get, answer: async () => ok({ open: false }) },
  'a refusal': { ask: get, answer: async () => refused(refusal('setup_closed')) },
  'a fault': { ask: get, answer: () => Promise.reject(new Error('broken')) },
  'a stranger': { ask: (app) => app.inject('/v1/me') },
  'a wrong field': { ask: (app) => app.inject('/v1/setup?colour=red') },
  'a page that is not there': { ask: (app) => app.inject('/nowhere') },
}

for (const [what, { ask, answer }] of Object.entries(cases)) {
  test(`the answer to ${what} waits for the flush, asked for after the last look`, async () => {
    const steps: string[] = []
    const gate = handGate(steps)
    const look: Handlers['setup.get'] = async (asked) => {
      // The handler is still at work some turns of the loop later.
      await new Promise((resolve) => setImmediate(resolve))
      steps.push('handler done')
      return answer === undefined ? ok({ open: false }) : answer(asked)
    }
    const { app } = rehearse({ handlers: { 'setup.get': look }, house: { gate } })
    const answered = ask(app).then(() => steps.push('answered'))
    await Promise.race([gate.asked, answered])
    // Whatever would leave without waiting has left after this.
    for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve))
    gate.open()
    await answered
    const expected = ['gate asked', 'gate open', 'answered']
    assert.deepEqual(steps, answer === undefined ? expected : ['handler done', ...expected])
  })
}

test('an answer to something already on disk does not wait', async () => {
  const { app } = rehearse({ handlers: { 'setup.get': async () => ok({ open: true }) } })
  assert.equal((await app.inject('/v1/setup')).statusCode, 200)
})

test('after a failed flush nothing is answered any more', async () => {
  const never = new Promise<void>(() => {})
  const { app } = rehearse({ house: { gate: { durable: () => never } } })
  let answered = false
  void app.inject('/v1/setup').then(() => (answered = true))
  for (let i = 0; i < 50; i++) await new Promise((resolve) => setImmediate(resolve))
  assert.equal(answered, false)
})
