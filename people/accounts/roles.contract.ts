import assert from 'node:assert/strict'
import { limits } from '@fermata/base/limits'
import { rolePermissions, type Permission } from '@fermata/contract/permissions'
import type { MemberActor } from '@fermata/contract/actors'
import {
  codeOf,
  freshEmail,
  got,
  newMember,
  newWorkspace,
  password,
  type World,
  type WorldTest,
} from '../rooms.world.ts'

async function newRole(world: World, by: MemberActor, permissions: readonly Permission[]) {
  const body = { name: `Role ${freshEmail('of')}`, permissions: [...permissions] }
  return got(await world.call('roles.add', by, { body })).id
}

async function again(world: World, cookie: string): Promise<MemberActor | null> {
  const caller = await world.accounts.authenticate({ cookie })
  return caller?.kind === 'member' ? caller : null
}

/** What roles promise. */
export function rolesContract(test: WorldTest): void {
  test('a role of one’s own allows what it names and nothing else, and a change holds at once', async (world) => {
    const owner = await newWorkspace(world)
    const role = await newRole(world, owner, ['teams:manage'])
    const { caller, cookie } = await newMember(world, owner, role)
    assert.deepEqual(caller.permissions, ['teams:manage'])
    assert.equal(codeOf(await world.call('teams.add', caller, { body: { name: 'T' } })), 'ok')
    const inbox = { body: { name: 'I', medium: 'api' as const } }
    assert.equal(codeOf(await world.call('inboxes.add', caller, inbox)), 'not_allowed')
    assert.deepEqual(got(await world.call('me.get', caller, {})).permissions, ['teams:manage'])

    const before = (await world.events(owner.workspace)).length
    const change = { params: { role }, body: { permissions: ['inboxes:manage' as const] } }
    got(await world.call('roles.change', owner, change))
    const events = (await world.events(owner.workspace)).slice(before)
    assert.deepEqual(
      events.map(({ type, only }) => [type, only]),
      [
        ['role.changed', null],
        ['access.changed', null],
      ],
    )
    for (const event of events) world.accounts.forget(event)
    const now = await again(world, cookie)
    assert.equal(codeOf(await world.call('teams.add', now, { body: { name: 'U' } })), 'not_allowed')
    assert.equal(codeOf(await world.call('inboxes.add', now, inbox)), 'ok')
  })

  test('nobody gives, changes or takes what allows more than their own role', async (world) => {
    const owner = await newWorkspace(world)
    const { caller: admin } = await newMember(world, owner, 'admin')
    const { caller: other } = await newMember(world, owner, 'agent')
    const great = await newRole(world, owner, ['owners:manage'])
    const small = await newRole(world, owner, ['members:manage', 'roles:manage', 'apps:manage'])
    const { caller: clerk } = await newMember(world, owner, small)
    const toOther = { params: { member: other.id } }
    const toOwner = { params: { member: owner.id } }
    const email = freshEmail('n')
    const person = { name: 'N', email, password }
    const tries = [
      world.call('members.change', admin, { ...toOther, body: { role: 'owner' } }),
      world.call('members.change', admin, { ...toOther, body: { role: great } }),
      world.call('members.change', admin, { ...toOwner, body: { role: 'agent' } }),
      world.call('members.deactivate', admin, toOwner),
      world.call('members.add', admin, { body: { ...person, role: 'owner' } }),
      world.call('invitations.add', admin, { body: { email, role: great } }),
      world.call('roles.add', admin, { body: { name: 'X', permissions: ['workspaces:add'] } }),
      world.call('roles.change', admin, { params: { role: great }, body: { permissions: [] } }),
      world.call('roles.remove', admin, { params: { role: great } }),
      world.call('members.change', clerk, { ...toOther, body: { name: 'Mine' } }),
      world.call('members.add', clerk, { body: { ...person, role: 'staff' } }),
      world.call('roles.add', clerk, { body: { name: 'X', permissions: ['inboxes:all'] } }),
      world.call('roles.change', clerk, {
        params: { role: small },
        body: { permissions: ['members:manage', 'inboxes:all'] },
      }),
      // An app sees every inbox, and the clerk none.
      world.call('apps.add', clerk, { body: { name: 'X', scopes: ['conversations:read'] } }),
    ]
    const codes = (await Promise.all(tries)).map(codeOf)
    assert.deepEqual(
      codes,
      tries.map(() => 'not_allowed'),
    )
    assert.equal(
      codeOf(await world.call('members.change', owner, { ...toOther, body: { role: great } })),
      'ok',
    )
    assert.equal(
      codeOf(
        await world.call('roles.add', clerk, { body: { name: 'X', permissions: ['apps:manage'] } }),
      ),
      'ok',
    )
  })

  test('a role that somebody has, or is invited to, stays; names are taken once', async (world) => {
    const owner = await newWorkspace(world)
    const role = await newRole(world, owner, [])
    const params = { role }
    const body = { email: freshEmail('waits'), role }
    const { invitation } = got(await world.call('invitations.add', owner, { body }))
    assert.equal(codeOf(await world.call('roles.remove', owner, { params })), 'conflict')
    got(await world.call('invitations.remove', owner, { params: { invitation: invitation.id } }))
    const { caller } = await newMember(world, owner, role)
    assert.equal(codeOf(await world.call('roles.remove', owner, { params })), 'conflict')
    const toAgent = { params: { member: caller.id }, body: { role: 'agent' as const } }
    got(await world.call('members.change', owner, toAgent))
    const [only] = got(await world.call('roles.list', owner, {})).rows
    const same = { name: only!.name.toUpperCase(), permissions: [] }
    const taken = await world.call('roles.add', owner, { body: same })
    assert.deepEqual(!taken.ok && [taken.refusal.code, taken.refusal.field], [
      'already_exists',
      'body.name',
    ])
    got(await world.call('roles.remove', owner, { params }))
    assert.deepEqual(got(await world.call('roles.list', owner, {})).rows, [])
    const gone = { params: { member: caller.id }, body: { role } }
    assert.equal(codeOf(await world.call('members.change', owner, gone)), 'invalid_field')
  })

  test('a workspace has so many roles of its own, and those of another mean nothing to it', async (world) => {
    const owner = await newWorkspace(world)
    const stranger = await newWorkspace(world)
    const role = await newRole(world, owner, [])
    for (let i = 1; i < limits.rolesPerWorkspaceMax; i++) await newRole(world, owner, [])
    const body = { name: 'One more', permissions: [] }
    assert.equal(codeOf(await world.call('roles.add', owner, { body })), 'limit_reached')
    const params = { role }
    const person = { name: 'N', email: freshEmail('n'), role, password }
    const tries = [
      await world.call('roles.change', stranger, { params, body: { name: 'Mine' } }),
      await world.call('roles.remove', stranger, { params }),
      await world.call('members.add', stranger, { body: person }),
    ]
    assert.deepEqual(tries.map(codeOf), ['not_found', 'not_found', 'invalid_field'])
    assert.deepEqual(got(await world.call('roles.list', stranger, {})).rows, [])
  })

  test('a guest sees the people of their own teams, staff and agents everybody', async (world) => {
    const owner = await newWorkspace(world)
    const [guest, friend, staff] = [
      (await newMember(world, owner, 'guest')).caller,
      (await newMember(world, owner, 'agent')).caller,
      (await newMember(world, owner, 'staff')).caller,
    ]
    const seen = async (by: MemberActor) =>
      got(await world.call('members.list', by, {})).rows.map(({ id }) => id)
    assert.deepEqual(await seen(guest), [guest.id])
    assert.deepEqual(await seen(staff), [owner.id, guest.id, friend.id, staff.id])
    const team = got(await world.teams.add(owner, 'Guests'))
    got(await world.teams.add(owner, 'Others'))
    for (const { id } of [guest, friend]) {
      got(await world.teams.join(owner, { team: team.id, member: id }))
    }
    assert.deepEqual(await seen(guest), [guest.id, friend.id])
    const teams = got(await world.call('teams.list', guest, {})).rows
    assert.deepEqual(
      teams.map(({ id }) => id),
      [team.id],
    )
    assert.equal(got(await world.call('teams.list', staff, {})).rows.length, 2)
  })

  test('whoever manages teams comes to see no inbox by joining one, nor by sending somebody', async (world) => {
    const owner = await newWorkspace(world)
    const role = await newRole(world, owner, ['teams:manage', 'inboxes:read'])
    const { caller: clerk } = await newMember(world, owner, role)
    const { caller: friend } = await newMember(world, owner, 'guest')
    const team = got(await world.teams.add(owner, 'Closed'))
    const join = (member: MemberActor) =>
      world.call('teams.join', clerk, { params: { team: team.id, member: member.id } })
    assert.equal(codeOf(await join(friend)), 'ok')
    got(await world.places.add(owner, { name: 'Kept', medium: 'api', team: team.id }))
    assert.deepEqual([await join(clerk), await join(friend)].map(codeOf), [
      'not_allowed',
      'not_allowed',
    ])
    got(await world.teams.join(owner, { team: team.id, member: clerk.id }))
    const { caller: other } = await newMember(world, owner, 'guest')
    assert.equal(codeOf(await join(other)), 'ok')
  })

  test('which inboxes a role sees: all, those for everybody and one’s teams’, one’s teams’', async (world) => {
    const owner = await newWorkspace(world)
    const team = got(await world.teams.add(owner, 'Team'))
    const kept = got(await world.places.add(owner, { name: 'Kept', medium: 'api', team: team.id }))
    const expected = { owner: 2, admin: 2, agent: 1, staff: 0, guest: 0 } as const
    for (const [role, count] of Object.entries(expected)) {
      const { caller } = await newMember(world, owner, role as keyof typeof expected)
      assert.deepEqual(caller.permissions, rolePermissions[role as keyof typeof expected])
      const list = async () => got(await world.call('inboxes.list', caller, {})).rows
      assert.equal((await list()).length, count, role)
      got(await world.teams.join(owner, { team: team.id, member: caller.id }))
      assert.ok(
        (await list()).some(({ id }) => id === kept.id),
        role,
      )
    }
  })
}
