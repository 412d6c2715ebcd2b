import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test, type TestContext } from 'node:test'
import { limits } from '@fermata/base/limits'
import type { MessageView } from '@fermata/contract/conversations.schema'
import type { FileView } from '@fermata/contract/files.schema'
import { pngOf } from '@fermata/testkit/picture'
import { owner } from '@fermata/testkit/server'
import { addVisitor } from '../proof/cast.ts'
import { ask, mustAsk, signIn, type Credentials } from '../proof/asking.ts'
import { openHouse } from '../proof/house.ts'
import { newClientId } from '../proof/talkers.ts'

const bytesType = 'application/offset+octet-stream'

/** An owner and a visitor who talk, and who send files. */
async function openDesk(t: TestContext) {
  const house = await openHouse(t)
  const { url } = house
  const asOwner = await signIn(url, owner)
  const { rows } = await mustAsk<'inboxes.list'>(url, 'GET /v1/inboxes', asOwner)
  const inbox = rows[0]!
  const { credentials: asVisitor } = await addVisitor(url, inbox.key)

  const append = (as: Credentials, file: string, at: number, part: Uint8Array, more = {}) =>
    ask(
      url,
      `PATCH /v1/uploads/${file}`,
      { ...as, 'content-type': bytesType, 'upload-offset': String(at), ...more },
      part,
    )
  const begin = async (as: Credentials, name: string, bytes: number) =>
    (await mustAsk<'uploads.add'>(url, 'POST /v1/uploads', as, { name, bytes })).id
  const upload = async (as: Credentials, name: string, content: Uint8Array) => {
    const id = await begin(as, name, content.length)
    if (content.length > 0) assert.equal((await append(as, id, 0, content)).status, 204)
    return id
  }
  const open = async (as: Credentials, files: readonly string[], text = '') =>
    mustAsk<'conversations.open'>(url, 'POST /v1/conversations', as, {
      inbox: inbox.id,
      message: { client: newClientId(), text, files },
    })
  const read = (as: Credentials, path: string, headers = {}) =>
    fetch(url + path, { headers: { ...as, ...headers } })
  const sent = async (name: string, content: Uint8Array): Promise<FileView> => {
    const said = await open(asVisitor, [await upload(asVisitor, name, content)])
    return said.message.files[0]!
  }
  return { house, url, asOwner, asVisitor, append, begin, upload, open, read, sent }
}

test('a file goes up in pieces, is carried by a message, and is read by those who see the message', async (t) => {
  const desk = await openDesk(t)
  const { url, asVisitor, asOwner } = desk
  const content = Buffer.from('It rained for forty days. '.repeat(1_000))
  const id = await desk.begin(asVisitor, '../../etc/weather report\u202e.txt', content.length)
  const first = await desk.append(asVisitor, id, 0, content.subarray(0, 9_999))
  assert.equal(first.headers.get('upload-offset'), '9999')
  assert.equal(first.headers.get('tus-resumable'), '1.0.0')
  const head = await fetch(`${url}/v1/uploads/${id}`, { method: 'HEAD', headers: asVisitor })
  assert.equal(head.headers.get('upload-offset'), '9999')
  assert.equal(head.headers.get('upload-length'), String(content.length))
  assert.equal(head.headers.get('cache-control'), 'no-store')
  const wrong = await desk.append(asVisitor, id, 9_998, content.subarray(9_998))
  assert.equal(wrong.status, 409)
  const last = await desk.append(asVisitor, id, 9_999, content.subarray(9_999))
  assert.equal(last.status, 204)

  const said = await desk.open(asVisitor, [id], 'See the report.')
  const [file] = said.message.files
  assert.deepEqual(file, {
    id,
    name: 'weather report.txt',
    type: 'text/plain',
    bytes: content.length,
    width: null,
    height: null,
    thumbnail: false,
  })
  for (const as of [asVisitor, asOwner]) {
    const answer = await desk.read(as, `/files/${id}`)
    assert.deepEqual(Buffer.from(await answer.arrayBuffer()), content)
    assert.equal(answer.headers.get('content-type'), 'text/plain; charset=utf-8')
    assert.match(answer.headers.get('content-disposition') ?? '', /^attachment; filename="weather/)
  }
  const { credentials: stranger } = await addVisitor(url, (await keyOf(desk)).key)
  assert.equal((await desk.read(stranger, `/files/${id}`)).status, 404)
  assert.equal((await desk.read({}, `/files/${id}`)).status, 401)
})

async function keyOf({ url, asOwner }: { url: string; asOwner: Credentials }) {
  return (await mustAsk<'inboxes.list'>(url, 'GET /v1/inboxes', asOwner)).rows[0]!
}

test('the same message sent again is the first one, files and all; with others it is refused', async (t) => {
  const desk = await openDesk(t)
  const { url, asVisitor } = desk
  const { conversation } = await desk.open(asVisitor, [], 'Hello')
  const path = `POST /v1/conversations/${conversation.id}/messages`
  const files = [await desk.upload(asVisitor, 'a.txt', Buffer.from('a'))]
  const body = { client: newClientId(), text: '', files }
  const first = await mustAsk<'messages.post'>(url, path, asVisitor, body)
  assert.equal(first.conversation.preview?.text, 'a.txt')
  const again = await mustAsk<'messages.post'>(url, path, asVisitor, body)
  assert.deepEqual(again.message, first.message)
  const other = await ask(url, path, asVisitor, { ...body, files: [], text: 'a' })
  assert.equal(other.status, 422)
  const twice = await ask(url, path, asVisitor, { ...body, client: newClientId() })
  assert.equal(twice.status, 400, 'a file is carried by one message')
  const empty = await ask(url, path, asVisitor, { client: newClientId(), text: ' ' })
  assert.equal(empty.status, 400, 'a message says something or carries something')
  const open = [await desk.begin(asVisitor, 'b', 2)]
  const early = await ask(url, path, asVisitor, { client: newClientId(), text: '', files: open })
  assert.equal(early.status, 400, 'not all of it has come')
})

test('a picture shows its size and a small picture of it; one with too many pixels does not', async (t) => {
  const desk = await openDesk(t)
  const picture = await desk.sent('bike.png', pngOf(1_200, 800))
  assert.deepEqual([picture.type, picture.width, picture.height], ['image/png', 1_200, 800])
  assert.equal(picture.thumbnail, true)
  const small = await desk.read(desk.asOwner, `/files/${picture.id}/thumbnail`)
  assert.equal(small.headers.get('content-type'), 'image/webp')
  const bytes = Buffer.from(await small.arrayBuffer())
  assert.equal(bytes.subarray(8, 12).toString(), 'WEBP')
  assert.ok(bytes.length < 5_000)
  assert.match(
    (await desk.read(desk.asOwner, `/files/${picture.id}`)).headers.get('content-disposition') ??
      '',
    /^inline/,
  )

  const bomb = await desk.sent('bomb.png', pngOf(9_000, 8_000))
  assert.deepEqual([bomb.type, bomb.width, bomb.thumbnail], ['image/png', null, false])
  assert.equal((await desk.read(desk.asOwner, `/files/${bomb.id}/thumbnail`)).status, 404)
  const whole = await desk.read(desk.asOwner, `/files/${bomb.id}`)
  assert.match(whole.headers.get('content-disposition') ?? '', /^attachment/)
  await whole.arrayBuffer()
  const broken = await desk.sent(
    'broken.png',
    Buffer.concat([pngOf(300, 300).subarray(0, 20), Buffer.alloc(99, 1)]),
  )
  assert.deepEqual([broken.type, broken.width], ['image/png', null])
})

test('a part of a file is read by Range, as players do', async (t) => {
  const desk = await openDesk(t)
  const content = Buffer.concat([Buffer.from('ID3'), Buffer.alloc(5_000, 7), Buffer.from('end')])
  const { id } = await desk.sent('song.mp3', content)
  const part = async (range: string) => {
    const answer = await desk.read(desk.asOwner, `/files/${id}`, { range })
    return [
      answer.status,
      answer.headers.get('content-range'),
      Buffer.from(await answer.arrayBuffer()),
    ]
  }
  assert.deepEqual(await part('bytes=0-2'), [206, 'bytes 0-2/5006', Buffer.from('ID3')])
  assert.deepEqual(await part('bytes=-3'), [206, 'bytes 5003-5005/5006', Buffer.from('end')])
  assert.deepEqual(await part('bytes=5003-'), [206, 'bytes 5003-5005/5006', Buffer.from('end')])
  assert.deepEqual((await part('bytes=5006-')).slice(0, 2), [416, 'bytes */5006'])
  assert.deepEqual((await part('bytes=0-1,4-5')).slice(0, 2), [200, null])
  const shown = await desk.read(desk.asOwner, `/files/${id}`)
  assert.match(shown.headers.get('content-disposition') ?? '', /^inline/)
  await shown.arrayBuffer()
  const saved = await desk.read(desk.asOwner, `/files/${id}?as=attachment`)
  assert.match(saved.headers.get('content-disposition') ?? '', /^attachment/)
  await saved.arrayBuffer()
})

test('what is erased with its message is gone, unless another message shows the same bytes', async (t) => {
  const desk = await openDesk(t)
  const { house, url, asVisitor, asOwner } = desk
  const content = pngOf(60, 40)
  const messages: MessageView[] = []
  for (let i = 0; i < 2; i++) {
    const id = await desk.upload(asVisitor, `p${i}.png`, content)
    messages.push((await desk.open(asVisitor, [id])).message)
  }
  const read = async (i: number) =>
    (await desk.read(asOwner, `/files/${messages[i]!.files[0]!.id}`)).status
  await mustAsk(url, `DELETE /v1/messages/${messages[0]!.id}`, asVisitor)
  assert.deepEqual([await read(0), await read(1)], [404, 200])
  await mustAsk(url, `DELETE /v1/messages/${messages[1]!.id}`, asVisitor)
  await house.server.rooms.files.tidy()
  assert.equal(await read(1), 404)
  assert.deepEqual(await blobFiles(house.folder), [])
})

async function blobFiles(folder: string): Promise<string[]> {
  const { readdir } = await import('node:fs/promises')
  const names = await readdir(`${folder}/files`, { recursive: true })
  return names.filter((name) => name.includes('fil_'))
}

test('limits are met with a clear answer', async (t) => {
  const desk = await openDesk(t)
  const { url, asVisitor, asOwner } = desk
  const announce = (as: Credentials, bytes: number) =>
    ask(url, 'POST /v1/uploads', as, { name: 'x', bytes })
  const large = await announce(asVisitor, limits.fileBytesOfContactMax + 1)
  assert.equal(large.status, 413)
  assert.match(JSON.stringify(large.body), new RegExp(String(limits.fileBytesOfContactMax)))
  for (let i = 0; i < limits.filesUnsentPerActorMax; i++) {
    assert.equal((await announce(asOwner, 1_000)).status, 201)
  }
  const many = await announce(asOwner, 1_000)
  assert.equal(many.status, 429)
  assert.match(many.headers.get('retry-after') ?? '', /^\d+$/)
  const small = await desk.begin(asVisitor, 'x', 3)
  assert.equal((await desk.append(asVisitor, small, 0, Buffer.from('four'))).status, 413)
  assert.equal((await desk.append(asVisitor, small, 0, Buffer.from('not'))).status, 204)
})

test('a client of the tus protocol announces, sends, checks, asks and gives up', async (t) => {
  const { url, asVisitor, append } = await openDesk(t)
  const tus = { ...asVisitor, 'tus-resumable': '1.0.0' }
  const metadata = `filename ${Buffer.from('Größe.txt').toString('base64')},filetype ${Buffer.from('text/html').toString('base64')}`
  const made = await ask(url, 'POST /v1/uploads', {
    ...tus,
    'upload-length': '10',
    'upload-metadata': metadata,
  })
  assert.equal(made.status, 201)
  const location = made.headers.get('location') ?? ''
  const id = location.split('/').at(-1)!
  const sum = (text: string) => `sha1 ${createHash('sha1').update(text).digest('base64')}`
  const bad = await append(tus, id, 0, Buffer.from('half '), { 'upload-checksum': sum('other') })
  assert.equal(bad.status, 460)
  const good = await append(tus, id, 0, Buffer.from('half '), { 'upload-checksum': sum('half ') })
  assert.deepEqual([good.status, good.headers.get('upload-offset')], [204, '5'])
  const odd = await append(tus, id, 5, Buffer.from('x'), { 'upload-checksum': 'md5 AAAA' })
  assert.equal(odd.status, 400)
  const head = await fetch(url + location, { method: 'HEAD', headers: tus })
  assert.deepEqual([head.status, head.headers.get('upload-offset')], [200, '5'])
  const old = await ask(url, `GET ${location}`, { ...tus, 'tus-resumable': '0.2.2' })
  assert.equal(old.status, 412)
  const discovery = await fetch(`${url}/v1/uploads`, { method: 'OPTIONS' })
  assert.equal(discovery.headers.get('tus-extension'), 'creation,termination,checksum')
  assert.equal((await ask(url, `DELETE ${location}`, tus)).status, 204)
  assert.equal((await ask(url, `GET ${location}`, tus)).status, 404)
})
