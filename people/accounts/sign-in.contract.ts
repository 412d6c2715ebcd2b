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

function start(world: World, email: string, given: string) {
  return world.call('sessions.start', null, { body: { email, password: given } })
}

/** Who a cookie belongs to now, by id. */
async function whose(world: World, cookie: string): Promise<string | undefined> {
  return (await world.accounts.authenticate({ cookie }))?.id
}

function sessionsOf(world: World, caller: MemberActor) {
  return world.call('sessions.list', caller, {})
}

/** What signing in, sessions and passwords promise. */
export function signInContract(test: WorldTest): void {
  test('a wrong password and an unknown address are refused alike', async (world) => {
    const owner = await newWorkspace(world)
    const { email } = await newMember(world, owner)
    const wrong = await start(world, email, 'not the password')
    const unknown = await start(world, freshEmail('nobody'), password)
    assert.ok(!wrong.ok && !unknown.ok)
    assert.deepEqual(wrong.refusal, unknown.refusal)
    assert.equal(wrong.refusal.code, 'wrong_credentials')
    assert.equal(wrong.cookie, undefined)
  })

  test('one address in two workspaces signs in where its password belongs', async (world) => {
    const [a, b] = [await newWorkspace(world), await newWorkspace(world)]
    const email = freshEmail('twice')
    const person = { name: 'T', email, role: 'agent' as const }
    got(await world.accounts.addMember(a, { ...person, password: 'the one of a, long' }))
    got(await world.accounts.addMember(b, { ...person, password: 'the one of b, long' }))
    assert.equal((await signedIn(world, email, 'the one of a, long')).caller.workspace, a.workspace)
    assert.equal((await signedIn(world, email, 'the one of b, long')).caller.workspace, b.workspace)
    assert.equal(codeOf(await start(world, email, 'the one of c, long')), 'wrong_credentials')
  })

  test('too many tries for an address are refused until their time, in any case of letters', async (world, clock) => {
    const email = freshEmail('tried')
    const tries = limits.signInsPerEmailMax
    for (let i = 0; i < tries; i++) await start(world, email, 'x')
    const refused = await start(world, email.toUpperCase(), 'x')
    assert.ok(!refused.ok)
    const { code, field, limit, retryAfterMs } = refused.refusal
    assert.deepEqual([code, field, limit], ['too_many', 'body.email', tries])
    clock.advance(retryAfterMs!)
    assert.equal(codeOf(await start(world, email, 'x')), 'wrong_credentials')
  })

  test('sessions are listed with mine marked, and one that is ended opens nothing more', async (world) => {
    const owner = await newWorkspace(world)
    const { caller, cookie, email } = await newMember(world, owner)
    const other = await signedIn(world, email, password)
    const { rows } = got(await sessionsOf(world, caller))
    assert.deepEqual(
      rows.map(({ id, current, agent }) => [id, current, agent]),
      [
        [caller.session, true, 'a browser'],
        [other.caller.session, false, 'a browser'],
      ],
    )
    const ended = await world.call('sessions.end', caller, {
      params: { session: other.caller.session },
    })
    assert.deepEqual([codeOf(ended), ended.cookie], ['ok', undefined])
    for (const event of await world.events(owner.workspace)) world.accounts.forget(event)
    assert.equal(await whose(world, other.cookie), undefined)
    assert.equal(await whose(world, cookie), caller.id)
    const mine = await world.call('sessions.end', caller, { params: { session: 'current' } })
    assert.deepEqual([codeOf(mine), mine.cookie], ['ok', null])
    const last = (await world.events(owner.workspace)).at(-1)!
    assert.deepEqual([last.type, last.only], ['session.ended', caller.id])
    assert.deepEqual(JSON.parse(last.body), { session: caller.session })
  })

  test('nobody ends the session of somebody else, not even an owner', async (world) => {
    const owner = await newWorkspace(world)
    const { caller, cookie } = await newMember(world, owner)
    const stranger = await newWorkspace(world)
    for (const other of [owner, stranger]) {
      const ended = await world.call('sessions.end', other, { params: { session: caller.session } })
      assert.equal(codeOf(ended), 'not_found')
    }
    assert.equal(await whose(world, cookie), caller.id)
  })

  test('a session runs out by itself', async (world, clock) => {
    const owner = await newWorkspace(world)
    const { caller, cookie } = await newMember(world, owner)
    clock.advance(limits.sessionMsMax - 1)
    assert.equal(await whose(world, cookie), caller.id)
    clock.advance(1)
    assert.equal(await whose(world, cookie), undefined, 'though it was remembered just now')
    assert.deepEqual(got(await sessionsOf(world, caller)).rows, [])
  })

  test('a changed password ends the other sessions, and the former opens nothing', async (world) => {
    const owner = await newWorkspace(world)
    const { caller, cookie, email } = await newMember(world, owner)
    const other = await signedIn(world, email, password)
    const change = (current: string, next: string) =>
      world.call('me.password', caller, { body: { current, password: next } })
    const wrong = await change('not the password', 'another password')
    assert.ok(!wrong.ok)
    assert.deepEqual(
      [wrong.refusal.code, wrong.refusal.field],
      ['wrong_credentials', 'body.current'],
    )
    got(await change(password, 'another password'))
    for (const event of await world.events(owner.workspace)) world.accounts.forget(event)
    assert.equal(await whose(world, other.cookie), undefined)
    assert.equal(await whose(world, cookie), caller.id)
    assert.equal(codeOf(await start(world, email, password)), 'wrong_credentials')
    assert.equal(codeOf(await start(world, email, 'another password')), 'ok')
  })
}
