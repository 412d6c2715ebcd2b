// A reporter of node:test for programs, in lines of JSON: which files have been started and ended, and
// at the end how many tests passed and failed and which were skipped.

/**
 * @typedef {object} Line One of its three.
 * @property {string} [started] A file.
 * @property {string} [ended] A file.
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
    // The runner reports each file as if it were a test of that name.
    if (type === 'test:dequeue' && data.name === data.file) yield text({ started: data.name })
    if (type === 'test:complete' && data.name === data.file) yield text({ ended: data.name })
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
