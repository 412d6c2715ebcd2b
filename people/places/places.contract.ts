import assert from 'node:assert/strict'
import { bytesOf } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import type { Caller, MemberActor } from '@fermata/contract/actors'
import type { InboxView } from '@fermata/contract/places.schema'
import {
  codeOf,
  got,
  newApp,
  newMember,
  newWorkspace,
  type World,
  type WorldTest,
} from '../rooms.world.ts'
import { accessInbox, inboxForCaller, inboxViews, promisesOf, visibleInboxes } from './access.ts'
import type { NewInbox } from './actions.ts'
import { firstWidgetPage, widgetPage } from './widget.ts'

async function newInbox(world: World, owner: MemberActor, more: Partial<NewInbox> = {}) {
  return got(await world.places.add(owner, { name: 'Quay', medium: 'widget', ...more }))
}

/** The inboxes a caller sees, by every door there is; they must agree. */
async function seen(world: World, caller: Caller, all: readonly InboxView[]): Promise<string[]> {
  return world.storage.read(async (tx) => {
    const visible = (await visibleInboxes(tx, caller)).map(({ id }) => id)
    for (const { id } of all) {
      const sees = visible.includes(id)
      assert.equal(codeOf(await accessInbox(tx, caller, id)), sees ? 'ok' : 'not_found')
      assert.equal((await inboxForCaller(tx, caller, bytesOf(id)))?.id, sees ? id : undefined)
    }
    return all.filter(({ id }) => visible.includes(id)).map(({ name }) => name)
  })
}

async function visitorOf(world: World, inbox: InboxView): Promise<Caller> {
  const { token } = got(await world.contacts.addVisitor(inbox.key, {}))
  const caller = await world.accounts.authenticate({ bearer: token })
  assert.ok(caller?.kind === 'contact')
  return caller
}

/** What inboxes promise. */
export function placesContract(test: WorldTest): void {
  test('a new workspace has an inbox that the widget can use at once', async (world) => {
    const owner = await newWorkspace(world, 'Pier')
    const { rows } = got(await world.call('inboxes.list', owner, {}))
    assert.deepEqual(
      rows.map(({ name, medium, team }) => [name, medium, team]),
      [['Website', 'widget', null]],
    )
    const widget = got(await world.call('widget.get', null, { params: { key: rows[0]!.key } }))
    assert.deepEqual(widget, {
      inbox: rows[0]!.id,
      workspace: 'Pier',
      name: 'Website',
      greeting: '',
      answerMinutes: 480,
    })
  })

  test('an agent sees everybody’s inboxes and those of their teams, an owner and an app all', async (world) => {
    const owner = await newWorkspace(world)
    const { caller: agent } = await newMember(world, owner)
    const { caller: app } = await newApp(world, owner, ['inboxes:read'])
    const team = got(await world.teams.add(owner, 'Pilots'))
    // Somebody is in the team, and the agent is in another.
    got(await world.teams.join(owner, { team: team.id, member: owner.id }))
    const other = got(await world.teams.add(owner, 'Bakers'))
    got(await world.teams.join(owner, { team: other.id, member: agent.id }))
    const open = await newInbox(world, owner, { name: 'open' })
    const closed = await newInbox(world, owner, { name: 'closed', team: team.id })
    const all = [open, closed]
    assert.deepEqual(await seen(world, owner, all), ['open', 'closed'])
    assert.deepEqual(await seen(world, app, all), ['open', 'closed'])
    assert.deepEqual(await seen(world, agent, all), ['open'])
    got(await world.teams.join(owner, { team: team.id, member: agent.id }))
    assert.deepEqual(await seen(world, agent, all), ['open', 'closed'])
    const leave = { team: team.id, member: agent.id }
    got(await world.call('teams.leave', owner, { params: leave }))
    assert.deepEqual(await seen(world, agent, all), ['open'])
    assert.deepEqual(await seen(world, await newWorkspace(world), all), [])
  })

  test('a contact gets the inbox of their token and no other, and no list of inboxes', async (world) => {
    const owner = await newWorkspace(world)
    const [mine, other] = [await newInbox(world, owner), await newInbox(world, owner)]
    const contact = await visitorOf(world, mine)
    const foreign = await newInbox(world, await newWorkspace(world))
    await world.storage.read(async (tx) => {
      assert.equal(codeOf(await accessInbox(tx, contact, mine.id)), 'ok')
      assert.equal(codeOf(await accessInbox(tx, contact, other.id)), 'not_found')
      assert.deepEqual(await visibleInboxes(tx, contact), [])
      assert.equal(await inboxForCaller(tx, contact, bytesOf(foreign.id)), undefined)
    })
  })

  test('a change of team tells everybody to look again, any other change only who sees it', async (world) => {
    const owner = await newWorkspace(world)
    const team = got(await world.teams.add(owner, 'Pilots'))
    const inbox = await newInbox(world, owner)
    const before = (await world.events(owner.workspace)).length
    const change = (body: Partial<Pick<InboxView, 'name' | 'team' | 'origins'>>) =>
      world.call('inboxes.change', owner, { params: { inbox: inbox.id }, body })
    const origins = ['https://shop.example']
    const after = { ...inbox, name: 'Mole', origins }
    assert.deepEqual(got(await change({ name: 'Mole', origins })), after)
    assert.deepEqual(got(await change({ name: 'Mole' })), after)
    assert.deepEqual(got(await change({ team: team.id })), { ...after, team: team.id })
    const events = (await world.events(owner.workspace)).slice(before)
    const place = bytesOf(inbox.id)
    assert.deepEqual(
      events.map(({ type, only, ...event }) => [type, only, event.place && [...event.place]]),
      [
        ['inbox.changed', null, [...place]],
        ['inbox.changed', null, [...place]],
        ['access.changed', null, null],
      ],
    )
    const read = world.storage.read((tx) => inboxViews(tx, owner.workspace, [inbox.id]))
    assert.deepEqual(await read, [{ ...after, team: team.id }])
  })

  test('an inbox belongs to no team of another workspace, and is changed by nobody there', async (world) => {
    const owner = await newWorkspace(world)
    const inbox = await newInbox(world, owner)
    const stranger = await newWorkspace(world)
    const theirs = got(await world.teams.add(stranger, 'Theirs'))
    const params = { inbox: inbox.id }
    const toTeam = await world.call('inboxes.change', owner, { params, body: { team: theirs.id } })
    assert.ok(!toTeam.ok)
    assert.deepEqual([toTeam.refusal.code, toTeam.refusal.field], ['invalid_field', 'body.team'])
    const body = { name: 'N', medium: 'api' as const, team: theirs.id }
    assert.equal(codeOf(await world.call('inboxes.add', owner, { body })), 'invalid_field')
    const tries = [
      await world.call('inboxes.change', stranger, { params, body: { name: 'X' } }),
      await world.call('inboxes.secret', stranger, { params }),
      await world.call('inboxes.renewSecret', stranger, { params }),
    ]
    assert.deepEqual(
      tries.map(codeOf),
      tries.map(() => 'not_found'),
    )
    const views = world.storage.read((tx) => inboxViews(tx, stranger.workspace, [inbox.id]))
    assert.deepEqual(await views, [])
  })

  test('the identity secret stays until it is renewed, and no two inboxes share one', async (world) => {
    const owner = await newWorkspace(world)
    const [a, b] = [await newInbox(world, owner), await newInbox(world, owner)]
    const secretOf = async ({ id }: InboxView) =>
      got(await world.call('inboxes.secret', owner, { params: { inbox: id } })).secret
    const first = await secretOf(a)
    assert.match(first, /^fmi_[\w-]{43}$/)
    assert.equal(await secretOf(a), first)
    assert.notEqual(await secretOf(b), first)
    const renewed = await world.call('inboxes.renewSecret', owner, { params: { inbox: a.id } })
    assert.equal(await secretOf(a), got(renewed).secret)
    assert.notEqual(await secretOf(a), first)
  })

  test('origins are asked by key, by id, or of all inboxes, and match as a whole', async (world) => {
    const owner = await newWorkspace(world)
    const origins = ['https://a.example', 'http://b.example:8080']
    const inbox = await newInbox(world, owner, { origins })
    const bare = await newInbox(world, owner)
    const { listsOrigin } = world.places
    const scopes = [{ key: inbox.key }, { inbox: inbox.id }, 'any'] as const
    for (const scope of scopes) {
      assert.ok(await listsOrigin(scope, 'http://b.example:8080'))
      assert.ok(!(await listsOrigin(scope, 'http://b.example')))
      assert.ok(!(await listsOrigin(scope, 'https://a.example.evil.example')))
      assert.ok(!(await listsOrigin(scope, 'null')))
    }
    assert.ok(!(await listsOrigin({ key: bare.key }, 'https://a.example')))
    assert.ok(!(await listsOrigin({ key: 'fmw_none' }, 'https://a.example')))
    assert.ok(!(await listsOrigin({ inbox: 'no id' }, 'https://a.example')))
  })

  test('a widget is found by the key of a widget inbox only', async (world) => {
    const owner = await newWorkspace(world)
    const { key } = await newInbox(world, owner, { medium: 'api' })
    assert.equal(codeOf(await world.call('widget.get', null, { params: { key } })), 'not_found')
    const origins = ['https://shop.example']
    const shown = await newInbox(world, owner, { origins })
    await world.storage.read(async (tx) => {
      assert.equal(await widgetPage(tx, key), null)
      assert.deepEqual(await widgetPage(tx, shown.key), { key: shown.key, origins })
      assert.notEqual(await firstWidgetPage(tx), null)
    })
    const none = { params: { key: 'fmw_none' } }
    assert.equal(codeOf(await world.call('widget.get', null, none)), 'not_found')
  })

  test('promised answer times are kept as given, also where nothing is promised', async (world) => {
    const owner = await newWorkspace(world)
    const answerMinutes = { low: null, normal: 60, high: 15, urgent: 1 }
    const inbox = await newInbox(world, owner, { answerMinutes })
    assert.deepEqual(inbox.answerMinutes, answerMinutes)
    const promised = world.storage.read((tx) => promisesOf(tx, bytesOf(inbox.id)))
    assert.deepEqual(await promised, answerMinutes)
  })

  test('a workspace has so many inboxes and no more', async (world) => {
    const owner = await newWorkspace(world)
    for (let i = 1; i < limits.inboxesPerWorkspaceMax; i++) await newInbox(world, owner)
    const one = await world.places.add(owner, { name: 'One more', medium: 'api' })
    assert.ok(!one.ok)
    const { code, field, limit } = one.refusal
    assert.deepEqual([code, field, limit], ['limit_reached', 'inboxesPerWorkspaceMax', 200])
  })
}
