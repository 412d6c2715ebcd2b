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
  type TestClock,
  type World,
  type WorldTest,
} from '../rooms.world.ts'
import { codeAt, stepAt } from './totp.ts'

const other = 'a bell for every bicycle'

function start(world: World, body: { email: string; password: string; code?: string }) {
  return world.call('sessions.start', null, { body })
}

/** The bytes of a seed in base 32. */
function seedOf(secret: string): Uint8Array {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  const bits = [...secret]
    .map((sign) => alphabet.indexOf(sign).toString(2).padStart(5, '0'))
    .join('')
  return Uint8Array.from(bits.match(/.{8}/g) ?? [], (byte) => Number.parseInt(byte, 2))
}

/** Turns a member's second factor on; answers what its app shows, and the recovery codes. */
async function withFactor(world: World, caller: MemberActor, clock: TestClock) {
  const { secret, uri } = got(await world.call('twoFactor.begin', caller, { body: { password } }))
  const seed = seedOf(secret)
  const show = (): string => codeAt(seed, stepAt(clock.now()))
  assert.ok(uri.startsWith('otpauth://totp/') && uri.includes(secret))
  const confirmed = await world.call('twoFactor.confirm', caller, { body: { code: show() } })
  clock.advance(30_000)
  return { show, secret, codes: got(confirmed).recoveryCodes }
}

/** What resets and second factors promise. */
export function factorsContract(test: WorldTest): void {
  test('a reset link sets a new password once, ends every session and voids the other links', async (world) => {
    const owner = await newWorkspace(world)
    const { caller, cookie, email } = await newMember(world, owner)
    const params = { member: caller.id }
    const former = got(await world.call('members.reset', owner, { params }))
    const { token } = got(await world.call('members.reset', owner, { params }))
    const use = (link: string) =>
      world.call('resets.use', null, { body: { token: link, password: other } })
    assert.equal(codeOf(await use(former.token)), 'invalid_field')
    assert.deepEqual((await Promise.all([use(token), use(token)])).map(codeOf).sort(), [
      'invalid_field',
      'ok',
    ])
    for (const event of await world.events(owner.workspace)) world.accounts.forget(event)
    assert.equal(await world.accounts.authenticate({ cookie }), null)
    assert.equal(codeOf(await start(world, { email, password })), 'wrong_credentials')
    await signedIn(world, email, other)
    assert.deepEqual(got(await world.call('letters.list', owner, {})).rows, [])
  })

  test('a reset link runs out, and opens nothing for a deactivated member', async (world, clock) => {
    const owner = await newWorkspace(world)
    const { caller } = await newMember(world, owner)
    const params = { member: caller.id }
    const late = got(await world.call('members.reset', owner, { params }))
    clock.advance(limits.resetMs)
    const use = (token: string) =>
      world.call('resets.use', null, { body: { token, password: other } })
    assert.equal(codeOf(await use(late.token)), 'invalid_field')
    const raced = got(await world.call('members.reset', owner, { params }))
    got(await world.call('members.deactivate', owner, { params }))
    assert.equal(codeOf(await use(raced.token)), 'invalid_field')
    assert.equal(codeOf(await world.call('members.reset', owner, { params })), 'conflict')
    const { caller: admin } = await newMember(world, owner, 'admin')
    const above = { params: { member: owner.id } }
    assert.equal(codeOf(await world.call('members.reset', admin, above)), 'not_allowed')
    const stranger = await newWorkspace(world)
    assert.equal(codeOf(await world.call('members.reset', stranger, { params })), 'not_found')
  })

  test('who forgot their password is answered the same whether anybody has the address, and waits after some', async (world, clock) => {
    const owner = await newWorkspace(world)
    const { email, caller } = await newMember(world, owner)
    const ask = (to: string) => world.call('resets.ask', null, { body: { email: to } })
    const unknown = freshEmail('unknown')
    for (const to of [email, unknown]) {
      for (let i = 0; i < limits.resetsPerEmailMax; i++) assert.equal(codeOf(await ask(to)), 'ok')
      const refused = await ask(to.toUpperCase())
      assert.ok(!refused.ok)
      assert.equal(refused.refusal.code, 'too_many')
      assert.ok((refused.refusal.retryAfterMs ?? 0) > 0)
    }
    const { rows } = got(await world.call('letters.list', owner, {}))
    assert.deepEqual(
      rows.map(({ about, to, kind }) => [about, to, kind]),
      [[caller.id, email, 'reset']],
    )
    const letter = { params: { letter: rows[0]!.id } }
    const { token } = got(await world.call('letters.open', owner, letter))
    got(await world.call('resets.use', null, { body: { token, password: other } }))
    clock.advance(limits.signInWindowMs * 2)
    await signedIn(world, email, other)
  })

  test('with a second factor a password alone signs nobody in, and a code is good once', async (world, clock) => {
    const owner = await newWorkspace(world)
    const { caller, email } = await newMember(world, owner)
    const { show } = await withFactor(world, caller, clock)
    assert.equal(codeOf(await start(world, { email, password })), 'code_needed')
    const right = { email, password, code: show() }
    assert.equal(codeOf(await start(world, { ...right, code: '000000' })), 'wrong_credentials')
    assert.equal(codeOf(await start(world, { ...right, password: 'wrong' })), 'wrong_credentials')
    const both = await Promise.all([start(world, right), start(world, right)])
    assert.deepEqual(both.map(codeOf).sort(), ['ok', 'wrong_credentials'])
    clock.advance(30_000)
    assert.equal(codeOf(await start(world, { ...right, code: show() })), 'ok')
  })

  test('codes are guessed a few times and then no more, even with the right one', async (world, clock) => {
    const owner = await newWorkspace(world)
    const { caller, email } = await newMember(world, owner)
    const { show } = await withFactor(world, caller, clock)
    for (let i = 0; i < limits.codesPerMemberMax; i++) {
      assert.equal(
        codeOf(await start(world, { email, password, code: `00000${i}` })),
        'wrong_credentials',
      )
    }
    const refused = await start(world, { email, password, code: show() })
    assert.ok(!refused.ok)
    assert.deepEqual([refused.refusal.code, refused.refusal.field], ['too_many', 'body.code'])
  })

  test('a recovery code signs in once, new ones void the former, and an administrator turns the factor off', async (world, clock) => {
    const owner = await newWorkspace(world)
    const { caller, email } = await newMember(world, owner)
    const { codes } = await withFactor(world, caller, clock)
    assert.equal(new Set(codes).size, limits.recoveryCodes)
    const first = codes[0]!
    const typed = first.toLowerCase().replaceAll('-', ' ')
    assert.equal(codeOf(await start(world, { email, password, code: typed })), 'ok')
    assert.equal(codeOf(await start(world, { email, password, code: first })), 'wrong_credentials')
    const left = got(await world.call('twoFactor.get', caller, {})).recoveryCodesLeft
    assert.equal(left, limits.recoveryCodes - 1)
    const wrong = { body: { password: 'wrong' } }
    assert.equal(
      codeOf(await world.call('twoFactor.renewCodes', caller, wrong)),
      'wrong_credentials',
    )
    const renewed = got(await world.call('twoFactor.renewCodes', caller, { body: { password } }))
    clock.advance(limits.codeWindowMs * 2)
    assert.equal(
      codeOf(await start(world, { email, password, code: codes[1]! })),
      'wrong_credentials',
    )
    const fresh = renewed.recoveryCodes[0]!
    assert.equal(codeOf(await start(world, { email, password, code: fresh })), 'ok')
    got(await world.call('members.endTwoFactor', owner, { params: { member: caller.id } }))
    assert.equal(codeOf(await start(world, { email, password })), 'ok')
    assert.equal(got(await world.call('twoFactor.get', caller, {})).enabledAt, null)
  })

  test('a factor that was begun is not asked for, and only its owner’s password turns one off', async (world, clock) => {
    const owner = await newWorkspace(world)
    const { caller, email } = await newMember(world, owner)
    got(await world.call('twoFactor.begin', caller, { body: { password } }))
    assert.equal(codeOf(await start(world, { email, password })), 'ok')
    assert.equal(
      codeOf(await world.call('twoFactor.confirm', caller, { body: { code: '000000' } })),
      'invalid_field',
    )
    await withFactor(world, caller, clock)
    assert.equal(
      codeOf(await world.call('twoFactor.begin', caller, { body: { password } })),
      'conflict',
    )
    const wrong = { body: { password: 'wrong' } }
    assert.equal(codeOf(await world.call('twoFactor.end', caller, wrong)), 'wrong_credentials')
    got(await world.call('twoFactor.end', caller, { body: { password } }))
    assert.equal(codeOf(await start(world, { email, password })), 'ok')
  })

  test('neither seeds nor recovery codes stand readable in the database', async (world, clock) => {
    const owner = await newWorkspace(world)
    const { caller } = await newMember(world, owner)
    const { secret, codes } = await withFactor(world, caller, clock)
    const seed = Buffer.from(seedOf(secret))
    const kysely = world.storage.kysely()
    for (const { name } of await kysely.introspection.getTables()) {
      const rows = await kysely
        .selectFrom(name as never)
        .selectAll()
        .execute()
      const values = rows.flatMap((row) => Object.values(row))
      const bytes = values.filter((one) => one instanceof Uint8Array).map((one) => Buffer.from(one))
      const hidden = [
        seed,
        Buffer.from(secret),
        Buffer.from(seed.toString('base64url')),
        Buffer.from(codes[0]!),
      ]
      for (const one of hidden) assert.ok(!bytes.some((held) => held.includes(one)), name)
      assert.ok(
        !JSON.stringify(values).includes(secret) && !JSON.stringify(values).includes(codes[0]!),
        name,
      )
    }
  })
}
