// Runs checks and suites one at a time, and sums up what came of them.

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { run } from './child.js'
import { indent } from './report.js'
import { root, say, secondsSince } from './step.js'

/** @typedef {{ passed: number, failed: number, skipped: string[] }} Counts */

/** @typedef {{ name: string, counts: Counts, time: string }} Result */

const minuteMilliseconds = 60_000

/**
 * Runs one check quietly and shows what it said only if it failed.
 *
 * @param {string} node
 * @param {import('./suites.js').Check} check
 * @returns {Promise<Result>}
 */
export async function runCheck(node, { name, commands }) {
  const since = performance.now()
  let failed = 0
  for (const [program = '', ...args] of commands) {
    const { code, output } = await run(node, [join(root, 'node_modules', program), ...args])
    if (code === 0) continue
    failed = 1
    say(`\n✖ ${name}\n${output.trimEnd()}\n`)
  }
  const time = secondsSince(since)
  if (failed === 0) say(`✔ ${name} (${time})`)
  return { name, counts: { passed: 1 - failed, failed, skipped: [] }, time }
}

/**
 * Runs the files of one suite. The reporters are our own: one to read, one to count.
 *
 * @param {string} node
 * @param {import('./suites.js').Suite} suite
 * @param {string[]} files
 * @returns {Promise<Result>}
 */
export async function runSuite(node, suite, files) {
  const since = performance.now()
  const folder = mkdtempSync(join(tmpdir(), 'fermata-counts-'))
  const counted = join(folder, 'counts.json')
  const args = [
    '--test',
    `--test-concurrency=${suite.together}`,
    `--test-timeout=${suite.testMinutesMax * minuteMilliseconds}`,
    `--test-reporter=${new URL('./report.js', import.meta.url).href}`,
    '--test-reporter-destination=stdout',
    `--test-reporter=${new URL('./count.js', import.meta.url).href}`,
    `--test-reporter-destination=${counted}`,
    ...files,
  ]
  try {
    const limitMilliseconds = suite.suiteMinutesMax * minuteMilliseconds
    const { code } = await run(node, args, { loud: true, limitMilliseconds })
    const { counts, unfinished } = readCounts(counted)
    if (!counts) {
      say(`✖ the ${suite.name} suite was cut off; its limit is ${suite.suiteMinutesMax} minutes`)
      for (const { file, failed } of unfinished) {
        say(`  still running: ${relative(root, file)}`)
        for (const text of failed) say(indent(`✖ ${text}`))
      }
    }
    return {
      name: suite.name,
      counts: whole(counts, code),
      time: secondsSince(since),
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** @typedef {{ file: string, failed: string[] }} Unfinished A file that runs on, and what failed in it. */

/**
 * What the counting reporter wrote down.
 *
 * @param {string} path
 * @returns {{ counts: Counts | undefined, unfinished: Unfinished[] }} No counts if the run was cut off.
 */
function readCounts(path) {
  const lines = existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : []
  const read = lines
    .filter((line) => line.endsWith('}'))
    .map((line) => /** @type {import('./count.js').Line} */ (JSON.parse(line)))
  const ended = read.map((line) => line.ended)
  const failed = read.flatMap((line) => line.failed ?? [])
  const started = read.flatMap((line) => line.started ?? [])
  return {
    counts: read.find((line) => line.counts)?.counts,
    unfinished: started
      .filter((file) => !ended.includes(file))
      .map((file) => ({
        file,
        failed: failed.filter((one) => one.file === file).map((one) => one.text),
      })),
  }
}

/**
 * A run that failed without a failed test is a failure of its own.
 *
 * @param {Counts | undefined} counts
 * @param {number} code
 * @returns {Counts}
 */
function whole(counts, code) {
  if (!counts) return { passed: 0, failed: 1, skipped: [] }
  return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts
}

/**
 * Prints the closing table and gives the verdict. On somebody's own machine a test may be skipped
 * where the system lacks what it needs; in CI nothing may.
 *
 * @param {Result[]} results
 * @param {boolean} isCI
 * @returns {number} The exit code.
 */
export function conclude(results, isCI) {
  const skipped = results.flatMap((result) => result.counts.skipped)
  say('')
  for (const { name, counts, time } of results) {
    const sign = counts.failed > 0 ? '✖' : '✔'
    const bad = counts.failed > 0 ? `, ${counts.failed} failed` : ''
    const some = counts.skipped.length > 0 ? `, ${counts.skipped.length} skipped` : ''
    say(`${sign} ${name.padEnd(8)} ${time.padStart(8)}   ${counts.passed} passed${bad}${some}`)
  }
  for (const name of skipped) say(`${isCI ? '✖ skipped under CI' : '- skipped'}: ${name}`)

  const failed = results.reduce((sum, result) => sum + result.counts.failed, 0)
  const passed = results.reduce((sum, result) => sum + result.counts.passed, 0)
  say(`${passed} passed, ${failed} failed, ${skipped.length} skipped`)
  return failed > 0 || (isCI && skipped.length > 0) ? 1 : 0
}
