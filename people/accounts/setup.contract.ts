import assert from 'node:assert/strict'
import { limits } from '@fermata/base/limits'
import { UniqueViolation } from '@fermata/storage/port'
import { codeOf, got, password, type WorldTest } from '../rooms.world.ts'
import { setupDone } from './actions.setup.ts'
import { deleteSetupLinks, insertSetupLink } from './store.sign-in.sql.ts'

const first = { workspace: 'Harbour', name: 'Olga', email: 'Olga@Example.com', password }

/** What the first set-up promises, over an empty database. The tests follow upon each other. */
export function setupContract(test: WorldTest): void {
  test('a server that was not set up says so, and takes no made-up link', async (world) => {
    assert.deepEqual(got(await world.call('setup.get', null, {})), { open: true })
    const guessed = await world.call('setup.do', null, { body: { ...first, token: 'fmu_guess' } })
    assert.equal(codeOf(guessed), 'invalid_field')
    assert.ok(!guessed.ok && guessed.refusal.field === 'body.token')
  })

  test('a link that has run out is refused, and so is one that a later link replaced', async (world, clock) => {
    const expired = await world.accounts.openSetup()
    clock.advance(limits.setupLinkMs)
    const late = await world.call('setup.do', null, { body: { ...first, token: expired! } })
    assert.equal(codeOf(late), 'invalid_field')
    const replaced = await world.accounts.openSetup()
    await world.accounts.openSetup()
    const old = await world.call('setup.do', null, { body: { ...first, token: replaced! } })
    assert.equal(codeOf(old), 'invalid_field')
    assert.deepEqual(got(await world.call('setup.get', null, {})), { open: true })
  })

  test('of two who use one link at once, one makes the workspace and is signed in', async (world, clock) => {
    const token = await world.accounts.openSetup()
    clock.advance(limits.setupLinkMs - 1)
    const use = () => world.call('setup.do', null, { body: { ...first, token: token! } })
    const both = await Promise.all([use(), use()])
    const made = both.filter((one) => one.ok)
    assert.equal(made.length, 1, JSON.stringify(both.map(codeOf)))
    const me = got(made[0]!)
    assert.deepEqual([me.workspace.name, me.member?.role], ['Harbour', 'owner'])
    assert.equal(me.member?.email, 'Olga@Example.com')
    const caller = await world.accounts.authenticate({ cookie: made[0]!.cookie! })
    assert.equal(caller?.id, me.member?.id)
    const events = await world.events(me.workspace.id)
    assert.deepEqual(
      events.map(({ type }) => type),
      ['member.added', 'inbox.added'],
    )
    assert.equal(me.position, 2)
  })

  test('the link is good for one use, and there is no second set-up', async (world) => {
    assert.deepEqual(got(await world.call('setup.get', null, {})), { open: false })
    assert.equal(await world.accounts.openSetup(), null)
    assert.equal(await world.accounts.createFirst(first), null)
    const again = await world.call('setup.do', null, { body: { ...first, token: 'fmu_any' } })
    assert.equal(codeOf(again), 'setup_closed')
  })

  test('the new owner signs in by the address in any case', async (world) => {
    const body = { email: 'olga@EXAMPLE.com', password }
    assert.equal(codeOf(await world.call('sessions.start', null, { body })), 'ok')
  })
}

/** Over another empty database: what servers that start on it at the same time make together. */
export function firstWorkspaceContract(test: WorldTest): void {
  test('of servers that make the first workspace at once, one does', async (world) => {
    const servers = Array.from({ length: 8 })
    const made = await Promise.all(servers.map(() => world.accounts.createFirst(first)))
    assert.equal(made.filter((owner) => owner !== null).length, 1)
    assert.deepEqual(got(await world.call('setup.get', null, {})), { open: false })
  })
  test('clearing links away leaves the mark by which the second of two servers finds the first', async (world) => {
    await world.storage.write((tx) => tx.run(deleteSetupLinks, {}))
    const again = world.storage.write((tx) => tx.run(insertSetupLink, setupDone))
    await assert.rejects(again, UniqueViolation)
  })
}
