import assert from 'node:assert/strict'
import { test } from 'node:test'
import { commandLog, type Sabotage } from './command-log.fixture.ts'
import { fileLog } from './file.world.ts'
import { simulate, type Mix, type Outcome } from './run.ts'

const calm: Mix = { hasRetention: false, hasCompaction: false, hasFaults: false, hasRot: false }

function mustBeSound({ seed, violation, history }: Outcome): void {
  if (!violation) return
  const end = history.slice(-40).join('\n')
  assert.fail(`npm run simulate -- --seeds 1 --seed ${seed}\n${end}\n${violation.stack}`)
}

test('a log on a disk keeps its promises through many lives, whatever a crash leaves', async () => {
  for (let seed = 1; seed <= 40; seed++) {
    const outcome = await simulate(seed, { open: fileLog })
    mustBeSound(outcome)
    assert.ok(outcome.lives >= 10)
  }
})

test('a seed repeats all that happened', async () => {
  const options = { open: fileLog }
  const first = await simulate(3, options)
  const again = await simulate(3, options)
  assert.equal(again.trace, first.trace)
  const other = await simulate(4, options)
  assert.notEqual(other.trace, first.trace)
})

test('a log that writes down whatever it is asked is found sound', async () => {
  for (let seed = 1; seed <= 4; seed++) {
    mustBeSound(await simulate(seed, { open: commandLog(), mix: calm }))
  }
})

/** From which seed on they are looked for: the last one shows itself in one seed of sixty. */
const sabotages: ReadonlyMap<Sabotage, number> = new Map([
  ['no flush', 1],
  ['answered before the flush', 1],
  ['written after the flush', 1],
  ['no folder flush', 1],
  ['recovered in place', 85],
])

for (const [sabotage, first] of sabotages) {
  test(`the same log is found out where it is sabotaged: ${sabotage}`, async () => {
    for (let seed = first; seed < first + 40; seed++) {
      const { violation } = await simulate(seed, { open: commandLog(sabotage), mix: calm })
      if (violation) return
    }
    assert.fail('nobody noticed')
  })
}
