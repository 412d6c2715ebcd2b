import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { systemClock } from '@fermata/base/clock'
import type { AppView, MemberView, RoleView } from '@fermata/contract/accounts.schema'
import { WebSocket } from 'ws'
import { serveWorld, type World } from '../serve.world.ts'

const password = 'a lantern at the quay'
/** What "at once" is promised to be, in milliseconds. */
const promisedMs = 1_000

/** Signs a member in; answers their cookie. */
async function cookieOf(world: World, email: string): Promise<string> {
  const answer = await fetch(`${world.url}/v1/sessions`, {
    method: 'POST',
    headers: { origin: world.url, 'content-type': 'application/json' },
    body: JSON.stringify({ email, password }),
  })
  const cookie = answer.headers.getSetCookie()[0]?.split(';')[0]
  assert.ok(answer.ok && cookie !== undefined)
  return cookie
}

async function newMember(world: World, name: string, role: string): Promise<MemberView> {
  const email = `${name}@ends.example`
  return world.ask<MemberView>('POST', '/v1/members', { name, email, role, password })
}

interface Cut {
  /** How the same credentials are answered when they come again; 101 lets them in. */
  readonly again: number
}

/** Opens a socket, acts, and waits for it to be cut off. */
async function cutBy(
  world: World,
  headers: Record<string, string>,
  act: () => Promise<unknown>,
): Promise<Cut> {
  const address = `${world.url.replace('http', 'ws')}/v1/feed/socket`
  const socket = new WebSocket(address, { headers })
  await once(socket, 'open')
  const clock = systemClock()
  // Much longer than is promised: whoever is not cut off at all must fail the test, not hold it up.
  const closed = new Promise<boolean>((resolve) => {
    socket.once('close', () => resolve(true))
    clock.after(10 * promisedMs, () => resolve(false))
  })
  await act()
  assert.ok(await closed, 'was not cut off')
  const retried = new WebSocket(address, { headers })
  retried.on('error', () => undefined)
  const again = await new Promise<number>((resolve) => {
    retried.once('open', () => resolve(101))
    retried.once('unexpected-response', (_, { statusCode }) => resolve(statusCode ?? 0))
  })
  retried.terminate()
  return { again }
}

test('whoever is deactivated, or whose password is reset, is cut off within a second', async (t) => {
  const world = await serveWorld(t)
  for (const how of ['deactivation', 'reset'] as const) {
    const { id, email } = await newMember(world, how, 'agent')
    const headers = { cookie: await cookieOf(world, email), origin: world.url }
    const cut = await cutBy(world, headers, async () => {
      if (how === 'deactivation') return world.ask('PUT', `/v1/members/${id}/deactivation`)
      const { token } = await world.ask<{ token: string }>('POST', `/v1/members/${id}/reset`)
      const body = { token, password: 'another lantern' }
      return world.askAs(null, 'PUT', '/v1/resets', body)
    })
    assert.equal(cut.again, 401, how)
  }
})

test('a token that is revoked or replaced at once is cut off within a second, and the new one is not', async (t) => {
  const world = await serveWorld(t)
  for (const how of ['revoked', 'replaced'] as const) {
    const body = { name: how, scopes: ['feed:read'] }
    const { app, token } = await world.ask<{ app: AppView; token: string }>(
      'POST',
      '/v1/apps',
      body,
    )
    let next = ''
    const headers = { authorization: `Bearer ${token}` }
    const cut = await cutBy(world, headers, async () => {
      const path = `/v1/apps/${app.id}/tokens`
      if (how === 'revoked') return world.ask('DELETE', `${path}/${app.tokens[0]!.id}`)
      next = (await world.ask<{ token: string }>('POST', path, { overlapMs: 0 })).token
      return next
    })
    assert.equal(cut.again, 401, how)
    if (next !== '') await world.askAs(next, 'GET', '/v1/feed')
  }
})

test('whose role allows something else comes again within a second, and is known by the new one', async (t) => {
  const world = await serveWorld(t)
  const role = { name: 'Reader', permissions: ['conversations:read', 'inboxes:all'] }
  const { id } = await world.ask<RoleView>('POST', '/v1/roles', role)
  const { email } = await newMember(world, 'rita', id)
  const headers = { cookie: await cookieOf(world, email), origin: world.url }
  const seen = async (): Promise<number> => {
    const answer = await fetch(`${world.url}/v1/inboxes`, { headers })
    return ((await answer.json()) as { rows: unknown[] }).rows.length
  }
  assert.equal(await seen(), 1)
  const body = { permissions: ['conversations:read'] }
  const cut = await cutBy(world, headers, () => world.ask('PATCH', `/v1/roles/${id}`, body))
  assert.equal(cut.again, 101)
  assert.equal(await seen(), 0)
})
