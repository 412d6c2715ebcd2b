import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createClient } from '@fermata/sdk/client'
import { uploadFile } from '@fermata/sdk/upload'
import { seededRandom } from '@fermata/testkit/random'
import { owner, startServer } from '@fermata/testkit/server'
import { addVisitor } from '../proof/cast.ts'
import { contentOf } from '../proof/files.content.ts'
import { mustAsk, signIn } from '../proof/asking.ts'

const rounds = 3

test('an upload goes on after the server was killed at any moment, and no counted byte is lost', async (t) => {
  const random = seededRandom(t.name)
  const server = await startServer()
  t.after(() => server.close())
  const { url } = server
  const asOwner = await signIn(url, owner)
  const { rows } = await mustAsk<'inboxes.list'>(url, 'GET /v1/inboxes', asOwner)
  const inbox = rows[0]!
  const { credentials } = await addVisitor(url, inbox.key)
  const token = (credentials['authorization'] ?? '').replace('Bearer ', '')
  const client = createClient({ url, token })

  for (let round = 0; round < rounds; round++) {
    const whole = contentOf('fil_0', 1_500_000 + random.below(2_000_000))
    const killAt = random.below(whole.length + 1)
    let counted = 0
    let restarted: Promise<void> | undefined
    const sent = await uploadFile({
      client,
      name: `round ${round}.bin`,
      source: new Blob([new Uint8Array(whole)]),
      begun: null,
      signal: new AbortController().signal,
      onBegun: () => undefined,
      onProgress(bytes) {
        if (restarted === undefined) counted = Math.max(counted, bytes)
        else assert.ok(bytes >= counted, 'the server has what it had counted')
        if (bytes >= killAt) restarted ??= server.restart()
      },
    })
    await restarted
    assert.ok(sent.ok)
    const body = {
      inbox: inbox.id,
      message: { client: client.newId(), text: '', files: [sent.value.id] },
    }
    const said = await client.conversations.open({ body })
    assert.ok(said.ok)
    await server.restart()
    const answer = await fetch(`${url}/files/${sent.value.id}`, { headers: asOwner })
    assert.ok(Buffer.from(await answer.arrayBuffer()).equals(whole), `round ${round}`)
  }
  assert.doesNotMatch(server.logs(), /"level":(?:50|60)/)
})
