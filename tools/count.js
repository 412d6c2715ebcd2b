// A reporter of node:test for programs: how many tests passed and failed, and which were skipped.

/**
 * @param {AsyncIterable<import('node:test/reporters').TestEvent>} events
 * @yields {string} One JSON object: passed, failed, skipped (names).
 */
export default async function* count(events) {
  const counts = { passed: 0, failed: 0, skipped: /** @type {string[]} */ ([]) }
  for await (const { type, data } of events) {
    if (type === 'test:pass' && data.skip !== undefined) {
      counts.skipped.push(data.skip === true ? data.name : `${data.name} (${data.skip})`)
    }
    if (type !== 'test:summary' || data.file !== undefined) continue
    counts.passed = data.counts.passed
    // The types of this Node do not know `failed` yet.
    const { failed } = /** @type {{ failed: number }} */ (/** @type {unknown} */ (data.counts))
    counts.failed = failed + data.counts.cancelled
  }
  yield JSON.stringify(counts)
}
