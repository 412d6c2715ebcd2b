// Child processes: quiet ones whose output is kept, and loud ones that share our terminal. None of
// them outlives a signal that ends us.

import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { stripVTControlCharacters } from 'node:util'
import { root } from './step.js'

/**
 * @typedef {object} Options
 * @property {string} [cwd] Where it runs; the repository's folder if nothing is said.
 * @property {Record<string, string>} [env] Variables on top of ours.
 * @property {boolean} [loud] True to share our terminal instead of keeping the output.
 * @property {number} [limitMilliseconds] After this time it is told to end.
 */

/** @type {Set<import('node:child_process').ChildProcess>} */
const alive = new Set()

/** @type {NodeJS.Signals[]} */
const endings = ['SIGINT', 'SIGTERM', 'SIGHUP']

/** @param {NodeJS.Signals} signal */
function endWith(signal) {
  for (const child of alive) child.kill(signal)
  process.exit(128 + constants.signals[signal])
}

/**
 * The exit code a shell would report for a child that ended like this.
 *
 * @param {number | null} code
 * @param {NodeJS.Signals | null} signal
 */
export function exitCode(code, signal) {
  return signal ? 128 + constants.signals[signal] : (code ?? 1)
}

/**
 * Runs a program to its end.
 *
 * @param {string} file
 * @param {string[]} args
 * @param {Options} [options]
 * @returns {Promise<{ code: number, output: string }>} `output` is empty for a loud one.
 */
export function run(
  file,
  args,
  { cwd = root, env = {}, loud = false, limitMilliseconds = 0 } = {},
) {
  return new Promise((resolve, reject) => {
    if (alive.size === 0) for (const signal of endings) process.on(signal, endWith)
    const child = spawn(file, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: loud ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    })
    alive.add(child)

    /** @type {Buffer[]} */
    const chunks = []
    child.stdout?.on('data', (/** @type {Buffer} */ chunk) => chunks.push(chunk))
    child.stderr?.on('data', (/** @type {Buffer} */ chunk) => chunks.push(chunk))

    const limit = limitMilliseconds && setTimeout(() => child.kill('SIGTERM'), limitMilliseconds)
    const done = () => {
      clearTimeout(limit)
      alive.delete(child)
      if (alive.size === 0) for (const signal of endings) process.off(signal, endWith)
    }
    child.on('error', (cause) => {
      done()
      reject(new Error(`${file} could not be started: ${cause.message}`, { cause }))
    })
    child.on('close', (code, signal) => {
      done()
      const said = Buffer.concat(chunks).toString()
      const output = process.stdout.isTTY ? said : stripVTControlCharacters(said)
      resolve({ code: exitCode(code, signal), output })
    })
  })
}

/**
 * Runs a program quietly; what it said becomes the error if it fails.
 *
 * @param {string} file
 * @param {string[]} args
 * @param {Options} [options]
 */
export async function mustRun(file, args, options) {
  const { code, output } = await run(file, args, options)
  if (code !== 0) throw new Error(`${output.trimEnd()}\n${file} ended with code ${code}`)
}
