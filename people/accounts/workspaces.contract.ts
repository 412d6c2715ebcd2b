import assert from 'node:assert/strict'
import { limits } from '@fermata/base/limits'
import type { MemberActor } from '@fermata/contract/actors'
import {
  codeOf,
  freshEmail,
  got,
  newMember,
  newWorkspace,
  password,
  type WorldTest,
} from '../rooms.world.ts'

const other = 'a bell for every bicycle'

/** The owner of the first workspace, once it is there. */
const homes: MemberActor[] = []

/** What several workspaces on one server promise. The tests share a server, whose first workspace is the home. */
export function workspacesContract(test: WorldTest): void {
  homes.length = 0
  test('an owner of the first workspace makes another, and who is in both chooses by their password', async (world) => {
    const email = freshEmail('home')
    const home = await world.accounts.addWorkspace({
      workspace: 'Home',
      name: 'Hanna',
      email,
      password,
    })
    homes.push(home)
    const input = { workspace: 'Second', name: 'Hanna', email, password }
    const second = got(await world.call('workspaces.add', home, { body: input }))
    const start = (body: object) =>
      world.call('sessions.start', null, { body: { email, password, ...body } })
    const asked = await start({})
    assert.ok(!asked.ok)
    assert.equal(asked.refusal.code, 'choose_workspace')
    assert.deepEqual(
      asked.refusal.choices?.map(({ name }) => name),
      ['Home', 'Second'],
    )
    assert.equal(asked.cookie, undefined)
    for (const { id, name } of asked.refusal.choices ?? []) {
      assert.equal(got(await start({ workspace: id })).workspace.name, name)
    }
    const { member } = got(await start({ workspace: second.id }))
    assert.equal(member?.role, 'owner')
    const third = { ...input, workspace: 'Third', password: other }
    got(await world.call('workspaces.add', home, { body: third }))
    assert.equal(got(await start({ password: other })).workspace.name, 'Third')
    const none = await start({ password: 'nobody has this one' })
    assert.equal(codeOf(none), 'wrong_credentials')
    assert.equal(
      codeOf(await start({ password: other, workspace: home.workspace })),
      'wrong_credentials',
    )
  })

  test('nobody else makes one: no administrator, and no owner of a workspace that was made', async (world) => {
    const guestOfServer = await newWorkspace(world)
    const { caller: admin } = await newMember(world, guestOfServer, 'admin')
    const email = freshEmail('another')
    const body = { workspace: 'Another', name: 'A', email, password }
    assert.equal(codeOf(await world.call('workspaces.add', guestOfServer, { body })), 'not_allowed')
    assert.equal(codeOf(await world.call('workspaces.add', admin, { body })), 'not_allowed')
  })

  test('one address belongs to so many workspaces and no more', async (world) => {
    const [home] = homes
    assert.ok(home !== undefined)
    const email = freshEmail('everywhere')
    const body = { workspace: 'W', name: 'E', email, password }
    for (let i = 0; i < limits.workspacesPerEmailMax; i++) {
      got(await world.call('workspaces.add', home, { body }))
    }
    assert.equal(codeOf(await world.call('workspaces.add', home, { body })), 'limit_reached')
  })
}
