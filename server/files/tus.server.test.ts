import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Upload, type DetailedError } from 'tus-js-client'
import { createClient } from '@fermata/sdk/client'
import { owner } from '@fermata/testkit/server'
import { addVisitor } from '../proof/cast.ts'
import { mustAsk, signIn } from '../proof/asking.ts'
import { contentOf } from '../proof/files.content.ts'
import { openHouse } from '../proof/house.ts'

test('the protocol’s own client uploads, breaks off, finds out how far it came, and goes on', async (t) => {
  const house = await openHouse(t)
  const { url } = house
  const asOwner = await signIn(url, owner)
  const { rows } = await mustAsk<'inboxes.list'>(url, 'GET /v1/inboxes', asOwner)
  const { credentials } = await addVisitor(url, rows[0]!.key)
  const whole = contentOf('fil_0', 700_000)
  const shared = {
    endpoint: `${url}/v1/uploads`,
    headers: credentials,
    chunkSize: 100_000,
    retryDelays: null,
    metadata: { filename: 'Größe.bin', filetype: 'text/html' },
  }

  /** Uploads; breaks off when it has come so far. */
  const run = (to: Upload['url'], breakOff: number): Promise<string> =>
    new Promise((resolve, reject) => {
      const upload = new Upload(whole, {
        ...shared,
        ...(to === null ? {} : { uploadUrl: to }),
        onError: (error) => reject(error),
        onSuccess: () => resolve(upload.url ?? ''),
        onChunkComplete(_size, accepted) {
          if (accepted < breakOff) return
          void upload.abort().then(() => resolve(upload.url ?? ''))
        },
      })
      upload.start()
    })

  const address = await run(null, 300_000)
  const half = await fetch(address, { method: 'HEAD', headers: credentials })
  assert.equal(half.headers.get('upload-offset'), '300000')
  assert.equal(await run(address, Infinity), address)

  const token = (credentials['authorization'] ?? '').replace('Bearer ', '')
  const client = createClient({ url, token })
  const files = [address.split('/').at(-1) as `fil_${string}`]
  const message = { client: client.newId(), text: '', files }
  const said = await client.conversations.open({ body: { inbox: rows[0]!.id, message } })
  assert.ok(said.ok)
  assert.deepEqual(
    said.value.message.files.map(({ name, bytes }) => [name, bytes]),
    [['Größe.bin', whole.length]],
  )
  const answer = await fetch(`${url}/files/${files[0]}`, { headers: asOwner })
  assert.ok(Buffer.from(await answer.arrayBuffer()).equals(whole))
  assert.deepEqual(house.logged, [])
})

test('the protocol’s own client understands that a file is too large, and gives one up', async (t) => {
  const { url } = await openHouse(t)
  const credentials = await signIn(url, owner)
  const headers = { ...credentials, origin: url }
  const refused = new Promise<Error | DetailedError>((resolve) => {
    new Upload(Buffer.from('small'), {
      endpoint: `${url}/v1/uploads`,
      headers,
      retryDelays: null,
      uploadSize: 300 * 1024 * 1024,
      onError: resolve,
    }).start()
  })
  assert.match((await refused).message, /413/)
  const begun = await mustAsk<'uploads.add'>(url, 'POST /v1/uploads', credentials, {
    name: 'x',
    bytes: 3,
  })
  await Upload.terminate(`${url}/v1/uploads/${begun.id}`, { headers })
  const gone = await fetch(`${url}/v1/uploads/${begun.id}`, { headers })
  assert.equal(gone.status, 404)
})
