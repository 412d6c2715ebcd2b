// `npm run conformance -- [--thorough] [NUMBER…]`: librdkafka's own tests against a broker of ours, all that need one or those
// of some numbers, held against the list of what is expected of each. Ends with 1 where one is lost that has passed.
// Without `--thorough` they run in the suite's quick mode, in about ten minutes.

import { systemClock } from '@fermata/base/clock'
import { expectations, difference, listFaults } from './list.ts'
import { runTests, type Outcome } from './run.ts'
import { openStage } from './stage.ts'
import { numberOf, provideSuite, type SuiteTest } from './suite.ts'

const say = (text: string): void => void process.stdout.write(`${text}\n`)

const clock = systemClock()
const suite = await provideSuite(say)
const list = expectations()
const words = process.argv.slice(2)
const isThorough = words.includes('--thorough')
const wanted = words.filter((word) => word !== '--thorough')
const tests = suite.tests.filter(
  ({ name, isLocal }) => !isLocal && (wanted.length === 0 || wanted.includes(numberOf(name))),
)
const counts = { passes: 0, skips: 0, fails: 0, hangs: 0 }
const differences: string[] = [...listFaults(list, suite.tests)]
let isLost = differences.length > 0

function hear(name: string, outcome: Outcome, seconds: number, said: string): void {
  counts[outcome]++
  say(`${name} ${outcome} ${seconds.toFixed(1)} s`)
  const expected = list.find((one) => one.name === name)
  const found = difference(expected, outcome)
  if (found === undefined) return
  if (outcome === 'fails' || outcome === 'hangs') say(said)
  isLost ||= expected?.word === 'passes'
  differences.push(`${name} ${found}`)
}

async function runScenario(scenario: SuiteTest['scenario']): Promise<void> {
  const its = tests.filter((test) => test.scenario === scenario)
  if (its.length === 0) return
  const stage = await openStage(scenario)
  try {
    for (const number of new Set(its.map(({ name }) => numberOf(name)))) {
      const { outcomes, seconds, said } = await runTests(
        { suite, stage, clock, isThorough },
        number,
        scenario,
      )
      for (const [name, outcome] of outcomes) hear(name, outcome, seconds, said)
    }
  } finally {
    await stage.close()
  }
}

await runScenario('default')
await runScenario('noautocreate')
const { passes, skips, fails, hangs } = counts
say(`${passes} pass, ${fails} fail, ${hangs} hang, ${skips} are left out by the suite itself`)
for (const one of differences) say(one)
process.exitCode = isLost ? 1 : 0
