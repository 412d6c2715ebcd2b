import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import type { ContactId } from '@fermata/base/ids'
import { look, openDesk, type Desk } from './rooms.desk.world.ts'
import { roomsTest } from './rooms.grounds.world.ts'
import { visitor } from './rooms.world.ts'

/** What the host site says to show that its user is somebody. */
async function proofOf({ world, owner, site }: Desk, externalId: string) {
  const { secret } = await world.call('inboxes.secret', owner, { params: { inbox: site } })
  return { externalId, hmac: createHmac('sha256', secret).update(externalId).digest('hex') }
}

/** The first words of all conversations that are shown for somebody. */
async function words({ world, ada }: Desk, contact: ContactId) {
  const { rows } = await world.call('conversations.list', ada, { query: { list: 'all', contact } })
  return rows.map(({ preview }) => preview?.text ?? '').toSorted()
}

async function joinedOn({ world, ada }: Desk, contact: ContactId) {
  const { contact: first, joined } = await world.call('contacts.card', ada, { params: { contact } })
  return { first: first.id, joined: joined.map((union) => [union.contact.id, union.id] as const) }
}

async function someone({ world, site }: Desk, text: string) {
  const caller = await visitor(world)
  const message = { client: world.newClient(), text }
  await world.call('conversations.open', caller, { body: { inbox: site, message } })
  return caller
}

roomsTest('who proves to be somebody keeps whom members joined to them', async (open) => {
  const desk = await openDesk(open)
  const { world, owner, ada } = desk
  const body = { name: 'Known', externalId: 'x1' }
  const known = await world.call('contacts.add', owner, { body })
  const [first, other] = [await someone(desk, 'first'), await someone(desk, 'other')]
  const { union } = await world.call('contacts.merge', ada, {
    params: { contact: other.id },
    body: { into: first.id },
  })
  await world.call('identity.prove', first, { body: await proofOf(desk, 'x1') })
  for (const contact of [known.id, other.id]) {
    assert.deepEqual(await words(desk, contact), ['first', 'other'])
    const card = await joinedOn(desk, contact)
    assert.deepEqual(card, { first: known.id, joined: [[other.id, union.id]] })
  }
  await world.call('unions.undo', ada, { params: { union: union.id } })
  assert.deepEqual(await words(desk, known.id), ['first'])
  assert.deepEqual(await words(desk, other.id), ['other'])
})

roomsTest('who was joined to another and proves to be somebody stays joined', async (open) => {
  const desk = await openDesk(open)
  const { world, owner, ada } = desk
  const body = { name: 'Known', externalId: 'x1' }
  const known = await world.call('contacts.add', owner, { body })
  const [first, other] = [await someone(desk, 'first'), await someone(desk, 'other')]
  const { union } = await world.call('contacts.merge', ada, {
    params: { contact: other.id },
    body: { into: first.id },
  })
  await world.call('identity.prove', other, { body: await proofOf(desk, 'x1') })
  assert.deepEqual(await words(desk, first.id), ['first', 'other'])
  const card = await joinedOn(desk, known.id)
  assert.deepEqual(card, { first: first.id, joined: [[known.id, union.id]] })
  await world.call('unions.undo', ada, { params: { union: union.id } })
  assert.deepEqual(await words(desk, first.id), ['first'])
  assert.deepEqual(await words(desk, known.id), ['other'])
})

roomsTest('a person joined to a visitor who turns out to be that person is one', async (open) => {
  const desk = await openDesk(open)
  const { world, owner, ada } = desk
  const body = { name: 'Known', externalId: 'x1' }
  const known = await world.call('contacts.add', owner, { body })
  const first = await someone(desk, 'first')
  const params = { contact: known.id }
  await world.call('contacts.merge', ada, { params, body: { into: first.id } })
  await world.call('identity.prove', first, { body: await proofOf(desk, 'x1') })
  assert.deepEqual(await joinedOn(desk, known.id), { first: known.id, joined: [] })
  assert.deepEqual(await words(desk, known.id), ['first'])
})

roomsTest('words of a visitor who just turned out to be somebody are theirs', async (open) => {
  const desk = await openDesk(open)
  const { world, owner, site } = desk
  const body = { name: 'Known', externalId: 'x1' }
  const known = await world.call('contacts.add', owner, { body })
  const proof = await proofOf(desk, 'x1')
  const says = (text: string) => ({ inbox: site, message: { client: world.newClient(), text } })
  for (let round = 0; round < 10; round++) {
    const caller = await visitor(world)
    const [, opened] = await Promise.all([
      world.call('identity.prove', caller, { body: proof }),
      world.call('conversations.open', caller, { body: says('On its way') }),
    ])
    // What was let in before, and comes after.
    const late = await world.call('conversations.open', caller, { body: says('Late') })
    const params = { conversation: opened.conversation.id }
    await world.call('messages.post', caller, { params, body: says('And more').message })
    for (const { conversation } of [opened, late]) {
      assert.equal((await look(desk, conversation.id)).contact, known.id)
    }
  }
  assert.equal((await words(desk, known.id)).length, 20)
})
