import assert from 'node:assert/strict'
import { bytesOf } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import {
  codeOf,
  got,
  newApp,
  newMember,
  newWorkspace,
  type World,
  type WorldTest,
} from '../rooms.world.ts'

async function opens(world: World, bearer: string): Promise<boolean> {
  return (await world.accounts.authenticate({ bearer })) !== null
}

/** What the tokens of apps promise. */
export function appsContract(test: WorldTest): void {
  test('apps that may answer are named to whoever answers, and to no guest', async (world) => {
    const owner = await newWorkspace(world)
    const { caller: bot } = await newApp(world, owner, ['conversations:write'])
    await newApp(world, owner, ['feed:read'])
    const named = async (role: 'agent' | 'guest') => {
      const { caller } = await newMember(world, owner, role)
      return got(await world.call('apps.answering', caller, {})).rows.map(({ id }) => id)
    }
    assert.deepEqual(await named('agent'), [bot.id])
    assert.deepEqual(await named('guest'), [])
  })

  test('a new token takes the place of the former, which goes on for as long as was said', async (world, clock) => {
    const owner = await newWorkspace(world)
    const { caller, token } = await newApp(world, owner, ['feed:read'])
    assert.ok(caller.kind === 'app')
    const params = { app: caller.id }
    const next = got(
      await world.call('apps.addToken', owner, { params, body: { overlapMs: 5_000 } }),
    )
    assert.deepEqual(
      next.app.tokens.map(({ expiresAt }) => expiresAt),
      [clock.now() + 5_000, null],
    )
    clock.advance(4_999)
    assert.ok((await opens(world, token)) && (await opens(world, next.token)))
    clock.advance(1)
    assert.ok(!(await opens(world, token)), 'also where it is remembered')
    assert.ok(await opens(world, next.token))
    const last = got(await world.call('apps.addToken', owner, { params, body: { overlapMs: 0 } }))
    assert.equal(last.app.tokens.length, 1)
    clock.advance(limits.authenticationCacheMs)
    assert.ok(!(await opens(world, next.token)))
    assert.ok(await opens(world, last.token))
  })

  test('a revoked token is void within a second without any event, at once with it', async (world, clock) => {
    const owner = await newWorkspace(world)
    for (const quick of [false, true]) {
      const { caller, token } = await newApp(world, owner, ['feed:read'])
      assert.ok(caller.kind === 'app' && (await opens(world, token)))
      const { rows } = got(await world.call('apps.list', owner, {}))
      const held = rows.find(({ id }) => id === caller.id)!.tokens
      const params = { app: caller.id, token: held[0]!.id }
      const stranger = await newWorkspace(world)
      assert.equal(codeOf(await world.call('apps.removeToken', stranger, { params })), 'not_found')
      got(await world.call('apps.removeToken', owner, { params }))
      const last = (await world.events(owner.workspace)).at(-1)!
      assert.equal(last.type, 'app.changed')
      if (quick) world.accounts.forget(last)
      else clock.advance(limits.authenticationCacheMs)
      assert.ok(!(await opens(world, token)))
    }
  })

  test('an app has so many tokens and no more, and does what its scopes say from the change on', async (world) => {
    const owner = await newWorkspace(world)
    const { caller, token } = await newApp(world, owner, ['feed:read'])
    assert.ok(caller.kind === 'app')
    const params = { app: caller.id }
    for (let i = 1; i < limits.tokensPerAppMax; i++) {
      got(await world.call('apps.addToken', owner, { params, body: {} }))
    }
    assert.equal(
      codeOf(await world.call('apps.addToken', owner, { params, body: {} })),
      'limit_reached',
    )
    const body = { name: 'Renamed', scopes: ['contacts:read' as const] }
    got(await world.call('apps.change', owner, { params, body }))
    for (const event of await world.events(owner.workspace)) world.accounts.forget(event)
    const now = await world.accounts.authenticate({ bearer: token })
    assert.ok(now?.kind === 'app')
    assert.deepEqual([now.name, now.scopes], ['Renamed', ['contacts:read']])
  })

  test('a token is kept as its hash and as two verifiers', async (world) => {
    const owner = await newWorkspace(world)
    const { caller, token } = await newApp(world, owner, ['feed:read'])
    const rows = await world.storage
      .kysely()
      .selectFrom('app_tokens' as never)
      .selectAll()
      .execute()
    const own = (rows as Record<string, unknown>[]).filter(
      ({ app }) => Buffer.compare(appBytes(app), bytesOf(caller.id)) === 0,
    )
    assert.equal(own.length, 1)
    assert.match(String(own[0]!['scram_sha256']), /^SCRAM-SHA-256\$4096:/)
    assert.match(String(own[0]!['scram_sha512']), /^SCRAM-SHA-512\$4096:/)
    assert.ok(!JSON.stringify(own).includes(token.slice(4)))
  })
}

/** An id as the database's own driver gives it: bytes, or a UUID in PostgreSQL. */
function appBytes(value: unknown): Uint8Array {
  return typeof value === 'string'
    ? Buffer.from(value.replaceAll('-', ''), 'hex')
    : (value as Uint8Array)
}
