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
  signedIn,
  type World,
  type WorldTest,
} from '../rooms.world.ts'

function invite(world: World, by: MemberActor, email = freshEmail('invited')) {
  return world.call('invitations.add', by, { body: { email, role: 'agent' } })
}

function accept(world: World, token: string) {
  return world.call('invitations.accept', null, { body: { token, name: 'Ivo', password } })
}

/** What invitations promise. */
export function invitationsContract(test: WorldTest): void {
  test('an invitation is accepted once, and who accepts it is signed in with a password of their own', async (world) => {
    const owner = await newWorkspace(world, 'Quay')
    const email = freshEmail('ivo')
    const { invitation, token } = got(await invite(world, owner, email))
    const look = got(await world.call('invitations.look', null, { body: { token } }))
    assert.deepEqual(look, {
      workspace: 'Quay',
      email,
      role: 'agent',
      expiresAt: invitation.expiresAt,
    })
    const both = await Promise.all([accept(world, token), accept(world, token)])
    assert.deepEqual(both.map(codeOf).sort(), ['invalid_field', 'ok'])
    const [joined] = both.filter((one) => one.ok)
    assert.ok(joined?.ok)
    assert.equal(joined.value.member?.role, 'agent')
    assert.ok(typeof joined.cookie === 'string')
    const caller = await world.accounts.authenticate({ cookie: joined.cookie })
    assert.equal(caller?.id, joined.value.member?.id)
    await signedIn(world, email, password)
    assert.equal(codeOf(await accept(world, token)), 'invalid_field')
    assert.deepEqual(got(await world.call('invitations.list', owner, {})).rows, [])
    assert.deepEqual(got(await world.call('letters.list', owner, {})).rows, [])
    const events = await world.events(owner.workspace)
    assert.ok(events.some(({ type, actor }) => type === 'member.added' && actor === caller?.id))
  })

  test('an invitation runs out, is revoked, and gives way to the next one to the same person', async (world, clock) => {
    const owner = await newWorkspace(world)
    const late = got(await invite(world, owner))
    clock.advance(limits.invitationMs)
    assert.equal(codeOf(await accept(world, late.token)), 'invalid_field')
    const revoked = got(await invite(world, owner))
    const params = { invitation: revoked.invitation.id }
    const stranger = await newWorkspace(world)
    assert.equal(codeOf(await world.call('invitations.remove', stranger, { params })), 'not_found')
    got(await world.call('invitations.remove', owner, { params }))
    assert.equal(codeOf(await accept(world, revoked.token)), 'invalid_field')
    assert.equal(codeOf(await world.call('invitations.remove', owner, { params })), 'not_found')
    const email = freshEmail('twice')
    const former = got(await invite(world, owner, email))
    const latter = got(await invite(world, owner, email.toUpperCase()))
    assert.equal(codeOf(await accept(world, former.token)), 'invalid_field')
    const { rows } = got(await world.call('invitations.list', owner, {}))
    assert.deepEqual(
      rows.map(({ id }) => id),
      [latter.invitation.id],
    )
    assert.equal(codeOf(await accept(world, latter.token)), 'ok')
    assert.equal(codeOf(await invite(world, owner, email)), 'already_exists')
  })

  test('no token of an invitation stands in the database, and the letter opens for who may send it', async (world) => {
    const owner = await newWorkspace(world)
    const { caller: admin } = await newMember(world, owner, 'admin')
    const { invitation, token } = got(await invite(world, owner))
    const great = got(
      await world.call('invitations.add', owner, {
        body: { email: freshEmail('o'), role: 'owner' },
      }),
    )
    const kysely = world.storage.kysely()
    for (const { name } of await kysely.introspection.getTables()) {
      const rows = await kysely
        .selectFrom(name as never)
        .selectAll()
        .execute()
      const bytes = rows
        .flatMap((row) => Object.values(row))
        .filter((one) => one instanceof Uint8Array)
      assert.ok(!JSON.stringify(rows).includes(token), name)
      assert.ok(!bytes.some((one) => Buffer.from(one).includes(token)), name)
    }
    const letters = got(await world.call('letters.list', admin, {})).rows
    const letterAbout = (id: string) => ({
      params: { letter: letters.find(({ about }) => about === id)!.id },
    })
    assert.equal(
      got(await world.call('letters.open', admin, letterAbout(invitation.id))).token,
      token,
    )
    const above = letterAbout(great.invitation.id)
    assert.equal(codeOf(await world.call('letters.open', admin, above)), 'not_allowed')
    assert.equal(got(await world.call('letters.open', owner, above)).token, great.token)
    const stranger = await newWorkspace(world)
    assert.equal(codeOf(await world.call('letters.open', stranger, above)), 'not_found')
  })

  test('somebody invites so often and so many, and is told when to come again', async (world, clock) => {
    const owner = await newWorkspace(world)
    for (let i = 0; i < limits.invitationsPerActorMax; i++) got(await invite(world, owner))
    const refused = await invite(world, owner)
    assert.ok(!refused.ok)
    assert.equal(refused.refusal.code, 'too_many')
    clock.advance(refused.refusal.retryAfterMs ?? 0)
    assert.equal(codeOf(await invite(world, owner)), 'ok')
  })
}
