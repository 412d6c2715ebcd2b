import assert from 'node:assert/strict'
import type { MemberActor } from '@fermata/contract/actors'
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

async function actions(world: World, by: MemberActor): Promise<string[]> {
  const { rows } = got(await world.call('audit.list', by, { query: {} }))
  return rows.map(({ action }) => action)
}

/** What the audit log promises. */
export function auditContract(test: WorldTest): void {
  test('an entry says who did what to whom, from where, and what it changed', async (world, clock) => {
    const owner = await newWorkspace(world)
    const { caller } = await newMember(world, owner)
    const change = { params: { member: caller.id }, body: { role: 'staff' as const } }
    got(await world.call('members.change', owner, change))
    const [newest] = got(await world.call('audit.list', owner, { query: {} })).rows
    assert.deepEqual(newest, {
      id: newest?.id,
      at: clock.now(),
      actor: owner.id,
      actorName: owner.name,
      address: '127.0.0.1',
      agent: 'a browser',
      action: 'member.changed',
      target: caller.id,
      targetName: caller.name,
      changes: [{ field: 'role', from: 'agent', to: 'staff' }],
    })
    assert.deepEqual((await actions(world, owner)).slice(1), [
      'session.started',
      'member.added',
      'workspace.added',
    ])
  })

  test('what is refused leaves no entry, and what changes nothing none either', async (world) => {
    const owner = await newWorkspace(world)
    const { caller } = await newMember(world, owner)
    const before = await actions(world, owner)
    const params = { member: owner.id }
    assert.equal(codeOf(await world.call('members.deactivate', owner, { params })), 'conflict')
    const same = { params: { member: caller.id }, body: { name: caller.name } }
    got(await world.call('members.change', owner, same))
    assert.deepEqual(await actions(world, owner), before)
  })

  test('entries are found by actor, action, target and time, page by page', async (world, clock) => {
    const owner = await newWorkspace(world)
    const { caller: admin } = await newMember(world, owner, 'admin')
    const start = clock.now()
    for (let i = 0; i < 5; i++) {
      clock.advance(1_000)
      const body = { name: `Role ${i}`, permissions: [] }
      got(await world.call('roles.add', i % 2 === 0 ? owner : admin, { body }))
    }
    const found = async (query: object) =>
      got(await world.call('audit.list', owner, { query })).rows.map(({ targetName }) => targetName)
    const action = 'role.added' as const
    assert.deepEqual(await found({ action, actor: admin.id }), ['Role 3', 'Role 1'])
    assert.deepEqual(await found({ action, since: start + 2_000, until: start + 4_000 }), [
      'Role 3',
      'Role 2',
      'Role 1',
    ])
    const [role] = got(await world.call('roles.list', owner, {})).rows
    assert.deepEqual(await found({ target: role!.id }), ['Role 0'])
    const pages: string[] = []
    let page: string | null = null
    do {
      const query: object = { action, limit: 2, ...(page === null ? {} : { page }) }
      const answer: { rows: { targetName: string }[]; next: string | null } = got(
        await world.call('audit.list', owner, { query }),
      )
      pages.push(...answer.rows.map(({ targetName }) => targetName))
      page = answer.next
    } while (page !== null)
    assert.deepEqual(pages, ['Role 4', 'Role 3', 'Role 2', 'Role 1', 'Role 0'])
    const wrong = await world.call('audit.list', owner, { query: { page: 'ours' } })
    assert.equal(codeOf(wrong), 'invalid_field')
  })

  test('the database itself refuses to change or remove an entry', async (world) => {
    await newWorkspace(world)
    const kysely = world.storage.kysely()
    const table = 'audit_entries' as never
    const changed = kysely.updateTable(table).set({ actor_name: 'nobody' } as never)
    await assert.rejects(changed.execute(), /only added to/)
    await assert.rejects(kysely.deleteFrom(table).execute(), /only added to/)
  })

  test('it is read by whoever may, and tells of no other workspace', async (world) => {
    const owner = await newWorkspace(world)
    const stranger = await newWorkspace(world, 'Elsewhere')
    const { caller: agent } = await newMember(world, owner)
    const { caller: reader } = await newApp(world, owner, ['audit:read'])
    const { caller: deaf } = await newApp(world, owner, ['feed:read'])
    assert.equal(codeOf(await world.call('audit.list', agent, { query: {} })), 'not_allowed')
    assert.equal(codeOf(await world.call('audit.list', deaf, { query: {} })), 'scope_missing')
    const told = got(await world.call('audit.list', reader, { query: {} })).rows
    assert.ok(told.length > 3)
    assert.deepEqual(await actions(world, stranger), ['workspace.added'])
  })

  test('passwords and tokens are in no entry', async (world) => {
    const owner = await newWorkspace(world)
    const { token } = await newApp(world, owner, ['feed:read'])
    const email = freshEmail('i')
    const body = { email, role: 'agent' as const }
    const invited = got(await world.call('invitations.add', owner, { body }))
    await newMember(world, owner)
    const told = JSON.stringify(got(await world.call('audit.list', owner, { query: {} })))
    for (const secret of [token, invited.token, password]) assert.ok(!told.includes(secret))
  })
}
