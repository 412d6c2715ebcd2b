import assert from 'node:assert/strict'
import { limits } from '@fermata/base/limits'
import {
  codeOf,
  freshEmail,
  got,
  newApp,
  newMember,
  newWorkspace,
  password,
  type World,
  type WorldTest,
} from '../rooms.world.ts'

async function whose(world: World, cookie: string): Promise<string | undefined> {
  return (await world.accounts.authenticate({ cookie }))?.id
}

/** What members and apps promise. */
export function membersContract(test: WorldTest): void {
  test('a member is added once for each address, and everybody hears of it', async (world) => {
    const owner = await newWorkspace(world)
    const email = freshEmail('Ada')
    const body = { name: 'Ada', email, role: 'agent' as const, password }
    const added = got(await world.call('members.add', owner, { body }))
    assert.deepEqual(
      { ...added, id: '' },
      { id: '', name: 'Ada', email, role: 'agent', deactivatedAt: null },
    )
    const again = await world.call('members.add', owner, {
      body: { ...body, email: email.toUpperCase() },
    })
    assert.ok(!again.ok)
    assert.deepEqual([again.refusal.code, again.refusal.field], ['already_exists', 'body.email'])
    const { rows, position } = got(await world.call('members.list', owner, {}))
    assert.deepEqual(
      rows.map(({ id }) => id),
      [owner.id, added.id],
    )
    const last = (await world.events(owner.workspace)).at(-1)!
    assert.deepEqual(
      [last.position, last.type, last.place, last.only],
      [position, 'member.added', null, null],
    )
  })

  test('a deactivated member is nobody: within a second without any event, at once with it', async (world, clock) => {
    const owner = await newWorkspace(world)
    const [slow, quick] = [await newMember(world, owner), await newMember(world, owner)]
    for (const { caller, cookie } of [slow, quick]) {
      assert.equal(await whose(world, cookie), caller.id)
      got(await world.call('members.deactivate', owner, { params: { member: caller.id } }))
    }
    const events = await world.events(owner.workspace)
    for (const event of events) if (event.only === quick.caller.id) world.accounts.forget(event)
    assert.equal(await whose(world, quick.cookie), undefined)
    clock.advance(1_000)
    assert.equal(await whose(world, slow.cookie), undefined)
    const body = { email: slow.email, password }
    assert.equal(codeOf(await world.call('sessions.start', null, { body })), 'wrong_credentials')
  })

  test('a deactivation ends the sessions with an event for each; coming back opens none of them', async (world, clock) => {
    const owner = await newWorkspace(world)
    const { caller, cookie, email } = await newMember(world, owner)
    const before = (await world.events(owner.workspace)).length
    const toMember = { params: { member: caller.id } }
    const ended = got(await world.call('members.deactivate', owner, toMember))
    assert.equal(ended.deactivatedAt, clock.now())
    got(await world.call('members.deactivate', owner, toMember))
    const events = (await world.events(owner.workspace)).slice(before)
    assert.deepEqual(
      events.map(({ type, only }) => [type, only]),
      [
        ['session.ended', caller.id],
        ['member.changed', null],
      ],
    )
    for (const event of events) world.accounts.forget(event)
    assert.equal(got(await world.call('members.reactivate', owner, toMember)).deactivatedAt, null)
    assert.equal(await whose(world, cookie), undefined)
    const body = { email, password }
    assert.equal(codeOf(await world.call('sessions.start', null, { body })), 'ok')
  })

  test('a new role and a new name hold for the sessions that are open', async (world) => {
    const owner = await newWorkspace(world)
    const { caller, cookie } = await newMember(world, owner)
    const before = (await world.events(owner.workspace)).length
    const change = { params: { member: caller.id }, body: { role: 'owner' as const } }
    got(await world.call('members.change', owner, change))
    const events = (await world.events(owner.workspace)).slice(before)
    assert.deepEqual(
      events.map(({ type, only }) => [type, only]),
      [
        ['member.changed', null],
        ['access.changed', caller.id],
      ],
    )
    for (const event of events) world.accounts.forget(event)
    const now = await world.accounts.authenticate({ cookie })
    assert.ok(now?.kind === 'member')
    assert.equal(now.role, 'owner')
    assert.equal(got(await world.call('me.change', now, { body: { name: 'Adele' } })).name, 'Adele')
    for (const event of await world.events(owner.workspace)) world.accounts.forget(event)
    assert.equal((await world.accounts.authenticate({ cookie }))?.name, 'Adele')
  })

  test('the last owner stays, also when two owners remove each other at once', async (world) => {
    const owner = await newWorkspace(world)
    const alone = { params: { member: owner.id } }
    assert.equal(codeOf(await world.call('members.deactivate', owner, alone)), 'conflict')
    const toAgent = { ...alone, body: { role: 'agent' as const } }
    assert.equal(codeOf(await world.call('members.change', owner, toAgent)), 'conflict')
    const second = await newMember(world, owner, 'owner')
    const both = await Promise.all([
      world.call('members.deactivate', owner, { params: { member: second.caller.id } }),
      world.call('members.deactivate', second.caller, alone),
    ])
    assert.deepEqual(both.map(codeOf).sort(), ['conflict', 'ok'])
  })

  test('the ids of one workspace mean nothing to the owner of another', async (world) => {
    const owner = await newWorkspace(world)
    const { caller } = await newMember(world, owner)
    const { caller: app } = await newApp(world, owner, ['inboxes:read'])
    const stranger = await newWorkspace(world)
    const toMember = { params: { member: caller.id } }
    const rename = { ...toMember, body: { name: 'Taken' } }
    assert.ok(app.kind === 'app')
    const tries = [
      await world.call('members.change', stranger, rename),
      await world.call('members.deactivate', stranger, toMember),
      await world.call('members.reactivate', stranger, toMember),
      await world.call('apps.remove', stranger, { params: { app: app.id } }),
    ]
    assert.deepEqual(
      tries.map(codeOf),
      tries.map(() => 'not_found'),
    )
    assert.deepEqual(got(await world.call('apps.list', stranger, {})).rows, [])
    const allowed = [
      await world.call('members.change', owner, rename),
      await world.call('apps.remove', owner, { params: { app: app.id } }),
    ]
    assert.deepEqual(allowed.map(codeOf), ['ok', 'ok'])
  })

  test('an app does what its scopes say, until it is removed', async (world, clock) => {
    const owner = await newWorkspace(world)
    const { caller, token } = await newApp(world, owner, ['inboxes:read'])
    assert.equal(codeOf(await world.call('members.list', caller, {})), 'ok')
    const noScope = await world.call('me.get', caller, {})
    assert.ok(!noScope.ok)
    assert.deepEqual(
      [noScope.refusal.code, noScope.refusal.field],
      ['scope_missing', 'conversations:read'],
    )
    const body = { name: 'Other', scopes: ['inboxes:read' as const] }
    assert.equal(codeOf(await world.call('apps.add', caller, { body })), 'not_allowed')
    assert.ok(caller.kind === 'app')
    got(await world.call('apps.remove', owner, { params: { app: caller.id } }))
    clock.advance(limits.authenticationCacheMs)
    assert.equal(await world.accounts.authenticate({ bearer: token }), null)
    assert.deepEqual(got(await world.call('apps.list', owner, {})).rows, [])
    assert.equal((await world.events(owner.workspace)).at(-1)!.type, 'app.removed')
  })

  test('a workspace has so many apps and no more', async (world) => {
    const owner = await newWorkspace(world)
    const body = { name: 'Robot', scopes: ['feed:read' as const] }
    for (let i = 0; i < limits.appsPerWorkspaceMax; i++) {
      got(await world.call('apps.add', owner, { body }))
    }
    const one = await world.call('apps.add', owner, { body })
    assert.ok(!one.ok)
    const { code, field, limit } = one.refusal
    assert.deepEqual([code, field, limit], ['limit_reached', 'appsPerWorkspaceMax', 200])
  })
}
