import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openLog } from './log.ts'

/** The lines that a test's log has taken. */
function lines() {
  const written: string[] = []
  const log = openLog({ write: (line) => void written.push(line) })
  return { log, line: () => JSON.parse(written.at(-1)!) }
}

test('an error is logged with its causes and without what a library hangs on it', () => {
  const { log, line } = lines()
  const cause = Object.assign(new Error('duplicate key'), {
    code: '23505',
    detail: 'Key (email)=(ada@example.com) already exists.',
    parameters: ['ada@example.com'],
  })
  log.error({ err: new Error('a request failed', { cause }), request: 'a-1' }, 'failed')
  const { err, request, msg } = line()
  assert.deepEqual([request, msg, err.message], ['a-1', 'failed', 'a request failed'])
  assert.match(err.stack, /log\.test\.ts/)
  assert.deepEqual([err.cause.message, err.cause.code], ['duplicate key', '23505'])
  assert.doesNotMatch(JSON.stringify(line()), /ada@example/)
})

test('what is no error, and a cause that leads back to itself, are logged all the same', () => {
  const { log, line } = lines()
  log.error({ err: 'secret' }, 'thrown')
  assert.doesNotMatch(JSON.stringify(line()), /secret/)
  const loop = new Error('round')
  loop.cause = loop
  log.error({ err: loop }, 'thrown')
  assert.equal(line().err.cause.message, 'round')
})
