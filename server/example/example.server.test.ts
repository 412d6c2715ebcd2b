import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ConversationRow } from '@fermata/contract/conversations.schema'
import { systemClock } from '@fermata/base/clock'
import { lists } from '@fermata/contract/words'
import { newFolder, startProcess } from '../process.world.ts'
import { people, talks } from './story.ts'

test('the sample is there to sign in to, in every state, once', async (t) => {
  const data = newFolder(t)
  const first = startProcess(t, { data, args: ['--example'] })
  const url = await first.url
  const [, email, password] = /sample {6}(\S+), password (\S+)/.exec(first.said())!
  assert.equal(email, people.elena.email)
  const signIn = (email: string) =>
    fetch(`${url}/v1/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email, password }),
    })
  const marco = await signIn(people.marco.email)
  assert.equal(marco.status, 200)
  const cookie = marco.headers.getSetCookie()[0]!.split(';', 1)[0]!

  const rows: Record<string, ConversationRow[]> = {}
  for (const list of lists) {
    const answer = await fetch(`${url}/v1/conversations?list=${list}`, { headers: { cookie } })
    rows[list] = ((await answer.json()) as { rows: ConversationRow[] }).rows
  }
  assert.equal(rows['all']!.length, talks.length)
  const now = systemClock().now()
  const due = rows['ours']!.map((row) => row.due!)
  assert.ok(due.length >= 3 && due.some((at) => at < now) && due.some((at) => at > now))
  assert.deepEqual(rows['paused']!.map((row) => row.pause!.side).toSorted(), ['ours', 'theirs'])
  assert.ok(rows['resolved']!.length > 0)
  assert.ok(rows['all']!.some((row) => row.turn === 'theirs' && row.status === 'open'))
  assert.ok(rows['all']!.some((row) => row.lastAt < now - 24 * 3_600_000))

  first.child.kill('SIGTERM')
  await first.ended
  const second = startProcess(t, { data, args: ['--example'] })
  await second.url
  assert.match(second.said(), /not filled in: there is a workspace already/)
  assert.doesNotMatch(second.said(), /password/)
})
