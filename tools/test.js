// `npm run check` for the inner loop, and `npm test` for everything.

import { join } from 'node:path'
import { build } from './build.js'
import { run } from './child.js'
import { install } from './install.js'
import { useNode } from './node.js'
import { root, say } from './step.js'
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
  for (const [suite, files] of chosen.files) {
    say(`\n${suite.name}`)
    if (suite !== suites[0]) await prepare(node, suite.name)
    results.push(await runSuite(node, suite, files))
  }
  return conclude(results, isCI)
}

/**
 * What the long suites want beside the packages: built pages and programs of the system.
 *
 * @param {string} node
 * @param {string} suite
 */
async function prepare(node, suite) {
  await build(node)
  await run(node, [join(root, 'tools', 'needs.ts'), suite], { loud: true })
}
