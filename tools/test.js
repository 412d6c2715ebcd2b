// `npm run check` for the inner loop, and `npm test` for everything.

import { join } from 'node:path'
import { build } from './build.js'
import { run } from './child.js'
import { install } from './install.js'
import { useNode } from './node.js'
import { root, say, secondsSince } from './step.js'
import { choose, suites, testFiles } from './suites.js'
import { conclude, runCheck, runSuite } from './verdict.js'

const isCI = process.env['CI'] === 'true'

/**
 * Everything that needs no server, browser or database; the checks beside the unit tests.
 *
 * @param {string[]} words Names of checks, or parts of file names; none means all.
 * @returns {Promise<number>} The exit code.
 */
export async function check(words) {
  await install('full')
  const node = useNode()
  const chosen = choose(words, testFiles())
  const unit = [...chosen.files].filter(([suite]) => suite === suites[0])

  const checked = async () => {
    const results = []
    for (const one of chosen.checks) results.push(await runCheck(node, one))
    return results
  }
  const tested = unit.map(([suite, files]) => runSuite(node, suite, files))
  const results = await Promise.all([checked(), ...tested])
  return conclude(results.flat(), isCI)
}

/**
 * Everything there is, one suite after the other.
 *
 * @param {string[]} words Names of checks and suites, or parts of file names; none means all.
 * @returns {Promise<number>} The exit code.
 */
export async function test(words) {
  await install('full')
  const node = useNode()
  const chosen = choose(words, testFiles())
  if (chosen.checks.length === 0 && chosen.files.size === 0) {
    throw new Error(`No check, suite or test file fits: ${words.join(' ')}`)
  }

  const results = []
  for (const one of chosen.checks) results.push(await runCheck(node, one))
  const long = [...chosen.files.keys()].filter((suite) => suite !== suites[0])
  if (long.length > 0) {
    results.push(await buildPages(node))
    const names = long.map((suite) => suite.name)
    await run(node, [join(root, 'tools', 'needs.ts'), ...names], { loud: true })
  }
  for (const [suite, files] of chosen.files) {
    say(`\n${suite.name}`)
    results.push(await runSuite(node, suite, files))
  }
  return conclude(results, isCI)
}

/**
 * Builds the pages that the long suites look at; what cannot be built is one failure among others.
 *
 * @param {string} node
 * @returns {Promise<import('./verdict.js').Result>}
 */
async function buildPages(node) {
  const since = performance.now()
  let failed = 0
  try {
    await build(node)
  } catch (error) {
    failed = 1
    say(error instanceof Error ? error.message : String(error))
  }
  const counts = { passed: 1 - failed, failed, skipped: [] }
  return { name: 'build', counts, time: secondsSince(since) }
}
