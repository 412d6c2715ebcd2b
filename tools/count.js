// A reporter of node:test for programs, in lines of JSON: which files have been started and ended, which
// tests have failed, and at the end how many tests passed and failed and which were skipped.

import { errorText, fileOf, indent, isWholeFile } from './report.js'

/**
 * @typedef {object} Line One of its four.
 * @property {string} [started] A file.
 * @property {string} [ended] A file.
 * @property {{ file: string, text: string }} [failed] A test of that file, and why.
 * @property {import('./verdict.js').Counts} [counts]
 */

/** @param {Line} line */
const text = (line) => `${JSON.stringify(line)}\n`

/**
 * @param {AsyncIterable<import('node:test/reporters').TestEvent>} events
 * @yields {string}
 */
export default async function* count(events) {
  const counts = { passed: 0, failed: 0, skipped: /** @type {string[]} */ ([]) }
  for await (const { type, data } of events) {
    if (type === 'test:dequeue' && isWholeFile(data)) yield text({ started: fileOf(data) })
    if (type === 'test:complete' && isWholeFile(data)) yield text({ ended: fileOf(data) })
    if (type === 'test:fail') {
      const { cause } = data.details.error
      const file = fileOf(data)
      yield text({ failed: { file, text: `${data.name}\n${indent(errorText(cause))}` } })
    }
    if (type === 'test:pass' && data.skip !== undefined) {
      counts.skipped.push(data.skip === true ? data.name : `${data.name} (${data.skip})`)
    }
    if (type !== 'test:summary' || data.file !== undefined) continue
    counts.passed = data.counts.passed
    // The types of this Node do not know `failed` yet.
    const { failed } = /** @type {{ failed: number }} */ (/** @type {unknown} */ (data.counts))
    counts.failed = failed + data.counts.cancelled
  }
  yield text({ counts })
}
