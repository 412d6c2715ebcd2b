// Commands that are one program with a full installation in front of it.

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { run } from './child.js'
import { install } from './install.js'
import { useNode } from './node.js'
import { root, speakAside } from './step.js'

/**
 * Runs a workload: `npm run bench -- NAME [--json] [--rivals]`.
 *
 * @param {string[]} args
 * @returns {Promise<number>} Its exit code.
 */
export async function bench(args) {
  speakAside()
  const main = join(root, 'bench', 'main.ts')
  if (!existsSync(main)) throw new Error('There is no bench/main.ts yet.')
  await install('full')
  const node = useNode()
  if (args.includes('--rivals')) {
    await run(node, [join(root, 'tools', 'needs.ts'), 'rivals'], { loud: true })
  }
  const { code } = await run(node, [main, ...args], { loud: true })
  return code
}

/**
 * Simulates the log of the wire, `npm run simulate -- [--seeds N] [--seed S] [--flags rcft]`, or the broker upon it,
 * `npm run simulate -- broker [--seeds N] [--seed S]`.
 *
 * @param {string[]} args
 * @returns {Promise<number>} Its exit code: 1 where it broke a promise.
 */
export async function simulate(args) {
  await install('full')
  const isBroker = args[0] === 'broker'
  const main = join(root, 'wire', isBroker ? 'broker' : 'log', 'simulate', 'main.ts')
  const { code } = await run(useNode(), [main, ...args.slice(isBroker ? 1 : 0)], { loud: true })
  return code
}

/**
 * Damages batches of the log: `npm run fuzz -- [--runs N] [--seed S]`.
 *
 * @param {string[]} args
 * @returns {Promise<number>} Its exit code: 1 where the codec failed.
 */
export async function fuzz(args) {
  await install('full')
  const main = join(root, 'wire', 'log', 'main.fuzz.ts')
  const { code } = await run(useNode(), [main, ...args], { loud: true })
  return code
}

/**
 * Runs the command: `npm run fermata -- topic list`.
 *
 * @param {string[]} args
 * @returns {Promise<number>} Its exit code.
 */
export async function fermata(args) {
  speakAside()
  await install('start')
  const { code } = await run(useNode(), [join(root, 'cli', 'main.ts'), ...args], { loud: true })
  return code
}

/**
 * Runs librdkafka's own tests against a broker of ours: `npm run conformance -- [NUMBER…]`.
 *
 * @param {string[]} args
 * @returns {Promise<number>} Its exit code: 1 where a test is lost that has passed.
 */
export async function conformance(args) {
  await install('full')
  const node = useNode()
  await run(node, [join(root, 'tools', 'needs.ts'), 'server'], { loud: true })
  const main = join(root, 'wire', 'faces', 'kafka', 'conformance', 'main.ts')
  const { code } = await run(node, [main, ...args], { loud: true })
  return code
}

/**
 * Writes every file, or the named ones, in the one format.
 *
 * @param {string[]} paths
 * @returns {Promise<number>}
 */
export async function format(paths) {
  await install('full')
  const prettier = join(root, 'node_modules', 'prettier', 'bin', 'prettier.cjs')
  const args = [prettier, '--write', '--log-level=warn', ...(paths.length > 0 ? paths : ['.'])]
  const { code } = await run(useNode(), args, { loud: true })
  return code
}

/**
 * Writes the pages that are made from the code.
 *
 * @returns {Promise<number>}
 */
export async function docs() {
  await install('full')
  const { code } = await run(useNode(), [join(root, 'tools', 'docs.ts')], { loud: true })
  return code
}
