import assert from 'node:assert/strict'
import { bytesOf } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import type { MemberActor } from '@fermata/contract/actors'
import type { TeamView } from '@fermata/contract/teams.schema'
import { codeOf, got, newMember, newWorkspace, type World, type WorldTest } from '../rooms.world.ts'
import { teamMembersOfWorkspace } from './store.sql.ts'
import { teamViews } from './views.ts'

async function newTeam(world: World, owner: MemberActor): Promise<TeamView> {
  return got(await world.call('teams.add', owner, { body: { name: 'Harbour pilots' } }))
}

/** The events since a position, as type and only reader. */
async function eventsSince(world: World, owner: MemberActor, before: number) {
  const events = (await world.events(owner.workspace)).slice(before)
  return events.map(({ type, only }) => [type, only])
}

/** What teams promise. */
export function teamsContract(test: WorldTest): void {
  test('a team is added, renamed, joined and left, and each step is told', async (world) => {
    const owner = await newWorkspace(world)
    const { caller } = await newMember(world, owner)
    const before = (await world.events(owner.workspace)).length
    const team = await newTeam(world, owner)
    const toTeam = { team: team.id }
    const inTeam = { params: { team: team.id, member: caller.id } }
    const renamed = await world.call('teams.change', owner, {
      params: toTeam,
      body: { name: 'Pilots' },
    })
    assert.deepEqual(got(renamed), { ...team, name: 'Pilots' })
    assert.deepEqual(got(await world.call('teams.join', owner, inTeam)).members, [caller.id])
    assert.deepEqual(got(await world.call('teams.join', owner, inTeam)).members, [caller.id])
    const { rows, position } = got(await world.call('teams.list', caller, {}))
    assert.deepEqual(rows, [{ ...team, name: 'Pilots', members: [caller.id] }])
    assert.deepEqual(got(await world.call('teams.leave', owner, inTeam)).members, [])
    assert.equal(codeOf(await world.call('teams.leave', owner, inTeam)), 'not_found')
    got(await world.call('teams.remove', owner, { params: toTeam }))
    assert.deepEqual(await eventsSince(world, owner, before), [
      ['team.added', null],
      ['team.changed', null],
      ['team.changed', null],
      ['access.changed', caller.id],
      ['team.changed', null],
      ['access.changed', caller.id],
      ['team.removed', null],
    ])
    assert.equal(position, before + 4)
    assert.deepEqual(got(await world.call('teams.list', owner, {})).rows, [])
  })

  test('a removed team leaves nobody in it behind', async (world) => {
    const owner = await newWorkspace(world)
    const team = await newTeam(world, owner)
    got(await world.teams.join(owner, { team: team.id, member: owner.id }))
    got(await world.call('teams.remove', owner, { params: { team: team.id } }))
    const views = await world.storage.read((tx) => teamViews(tx, owner.workspace, [team.id]))
    assert.deepEqual(views, [])
    const workspace = bytesOf(owner.workspace)
    const left = await world.storage.read((tx) => tx.all(teamMembersOfWorkspace, { workspace }))
    assert.deepEqual(left, [])
    const again = await world.call('teams.join', owner, {
      params: { team: team.id, member: owner.id },
    })
    assert.equal(codeOf(again), 'not_found')
  })

  test('a team stays as long as an inbox belongs to it', async (world) => {
    const owner = await newWorkspace(world)
    const team = await newTeam(world, owner)
    const inbox = got(await world.places.add(owner, { name: 'I', medium: 'api', team: team.id }))
    const toTeam = { params: { team: team.id } }
    assert.equal(codeOf(await world.call('teams.remove', owner, toTeam)), 'conflict')
    got(
      await world.call('inboxes.change', owner, {
        params: { inbox: inbox.id },
        body: { team: null },
      }),
    )
    assert.equal(codeOf(await world.call('teams.remove', owner, toTeam)), 'ok')
  })

  test('a deactivated member joins no team', async (world) => {
    const owner = await newWorkspace(world)
    const { caller } = await newMember(world, owner)
    const team = await newTeam(world, owner)
    got(await world.call('members.deactivate', owner, { params: { member: caller.id } }))
    const inTeam = { params: { team: team.id, member: caller.id } }
    assert.equal(codeOf(await world.call('teams.join', owner, inTeam)), 'conflict')
  })

  test('teams and members of one workspace mean nothing to the owner of another', async (world) => {
    const owner = await newWorkspace(world)
    const { caller } = await newMember(world, owner)
    const team = await newTeam(world, owner)
    got(await world.teams.join(owner, { team: team.id, member: caller.id }))
    const stranger = await newWorkspace(world)
    const theirs = await newTeam(world, stranger)
    const tries = [
      await world.call('teams.change', stranger, {
        params: { team: team.id },
        body: { name: 'X' },
      }),
      await world.call('teams.remove', stranger, { params: { team: team.id } }),
      await world.teams.join(stranger, { team: team.id, member: stranger.id }),
      await world.teams.join(stranger, { team: theirs.id, member: caller.id }),
      await world.call('teams.leave', stranger, { params: { team: team.id, member: caller.id } }),
    ]
    assert.deepEqual(
      tries.map(codeOf),
      tries.map(() => 'not_found'),
    )
    assert.deepEqual(got(await world.call('teams.list', stranger, {})).rows, [theirs])
    const read = world.storage.read((tx) => teamViews(tx, stranger.workspace, [team.id, theirs.id]))
    assert.deepEqual(await read, [theirs])
  })

  test('a workspace has so many teams and no more', async (world) => {
    const owner = await newWorkspace(world)
    for (let i = 0; i < limits.teamsPerWorkspaceMax; i++) await newTeam(world, owner)
    const one = await world.call('teams.add', owner, { body: { name: 'One more' } })
    assert.ok(!one.ok)
    const { code, field, limit } = one.refusal
    assert.deepEqual([code, field, limit], ['limit_reached', 'teamsPerWorkspaceMax', 200])
  })
}
