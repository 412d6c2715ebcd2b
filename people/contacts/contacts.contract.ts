import assert from 'node:assert/strict'
import type { ContactId } from '@fermata/base/ids'
import { codeOf, got, newApp, newMember, newWorkspace, type WorldTest } from '../rooms.world.ts'
import { contactViews } from './views.ts'

/** What contacts promise to members and apps. */
export function contactsContract(test: WorldTest): void {
  test('a contact is added, found and changed, and everybody hears of it, they themselves too', async (world) => {
    const owner = await newWorkspace(world)
    const { caller: agent } = await newMember(world, owner)
    const before = (await world.events(owner.workspace)).length
    const body = { name: 'Zoë', email: 'Zoe@Example.com', externalId: '7' }
    const added = got(await world.call('contacts.add', agent, { body }))
    assert.equal(added.identifiedAt, added.createdAt)
    const { id } = added
    const params = { contact: id }
    assert.deepEqual(got(await world.call('contacts.get', agent, { params })), added)
    const change = (to: { name?: string | null; email?: string | null }) =>
      world.call('contacts.change', owner, { params, body: to })
    got(await change({ name: 'Zoe' }))
    got(await change({ name: 'Zoe' }))
    assert.deepEqual(got(await change({ email: null })), { ...added, name: 'Zoe', email: null })
    const events = (await world.events(owner.workspace)).slice(before)
    assert.deepEqual(
      events.map(({ type, place, only, contact }) => [type, place, only, contact !== null]),
      [
        ['contact.added', null, null, true],
        ['contact.changed', null, null, true],
        ['contact.changed', null, null, true],
      ],
    )
  })

  test('an external id belongs to one contact of a workspace, also when two are added at once', async (world) => {
    const owner = await newWorkspace(world)
    const add = (externalId: string) => world.call('contacts.add', owner, { body: { externalId } })
    const both = await Promise.all([add('7'), add('7')])
    assert.deepEqual(both.map(codeOf).sort(), ['already_exists', 'ok'])
    const other = await newWorkspace(world)
    const elsewhere = await world.call('contacts.add', other, { body: { externalId: '7' } })
    assert.equal(codeOf(elsewhere), 'ok')
  })

  test('contacts are listed newest first, page by page, each once', async (world, clock) => {
    const owner = await newWorkspace(world)
    const ids: ContactId[] = []
    for (let i = 0; i < 7; i++) {
      clock.advance(1)
      ids.unshift(got(await world.contacts.add(owner, { name: `C${i}` })).id)
    }
    const found: ContactId[] = []
    let page: string | undefined
    for (let i = 0; i < 3; i++) {
      const query = page === undefined ? { limit: 3 } : { limit: 3, page }
      const { rows, next, position } = got(await world.call('contacts.list', owner, { query }))
      found.push(...rows.map(({ id }) => id))
      assert.equal(position, (await world.events(owner.workspace)).length)
      assert.equal(next === null, i === 2)
      page = next ?? undefined
    }
    assert.deepEqual(found, ids)
    for (const wrong of ['nonsense', owner.id]) {
      const listed = await world.call('contacts.list', owner, { query: { page: wrong } })
      assert.ok(!listed.ok)
      assert.deepEqual([listed.refusal.code, listed.refusal.field], ['invalid_field', 'query.page'])
    }
  })

  test('contacts are found by address in any case, by external id, and by both', async (world) => {
    const owner = await newWorkspace(world)
    const a = got(await world.contacts.add(owner, { email: 'A@Example.com', externalId: '1' }))
    const b = got(await world.contacts.add(owner, { email: 'a@example.COM' }))
    got(await world.contacts.add(owner, { email: 'b@example.com' }))
    const find = async (query: { email?: string; externalId?: string }) =>
      got(await world.call('contacts.list', owner, { query })).rows.map(({ id }) => id)
    assert.deepEqual(await find({ email: 'a@EXAMPLE.com' }), [b.id, a.id])
    assert.deepEqual(await find({ externalId: '1' }), [a.id])
    assert.deepEqual(await find({ externalId: '1', email: 'a@example.com' }), [a.id])
    assert.deepEqual(await find({ externalId: '1', email: 'b@example.com' }), [])
    assert.deepEqual(await find({ externalId: '2' }), [])
  })

  test('contacts of one workspace do not exist in another, and apps need the scope', async (world) => {
    const owner = await newWorkspace(world)
    const { id } = got(await world.contacts.add(owner, { externalId: '7' }))
    const stranger = await newWorkspace(world)
    const { caller: app } = await newApp(world, owner, ['contacts:read'])
    const params = { contact: id }
    const body = { name: 'X' }
    assert.equal(codeOf(await world.call('contacts.get', stranger, { params })), 'not_found')
    assert.equal(
      codeOf(await world.call('contacts.change', stranger, { params, body })),
      'not_found',
    )
    const query = { externalId: '7' }
    assert.deepEqual(got(await world.call('contacts.list', stranger, { query })).rows, [])
    const views = world.storage.read((tx) => contactViews(tx, stranger, [id]))
    assert.deepEqual(await views, [])
    assert.equal(codeOf(await world.call('contacts.get', app, { params })), 'ok')
    assert.equal(
      codeOf(await world.call('contacts.change', app, { params, body })),
      'scope_missing',
    )
  })
}
