import assert from 'node:assert/strict'
import { test } from 'node:test'
import { idText } from '@fermata/base/ids'
import { scopes, type Caller, type Scope } from '@fermata/contract/actors'
import { routes, type Route, type RouteName } from '@fermata/contract/routes'
import { accessRoute } from './route.ts'

const bytes = new Uint8Array(16)
const workspace = idText('wsp', bytes)
const session = idText('ses', bytes)
const member = { kind: 'member', workspace, id: idText('mbr', bytes), name: 'M', session } as const
const owner: Caller = { ...member, role: 'owner' }
const agent: Caller = { ...member, role: 'agent' }
const inbox = idText('ibx', bytes)
const contact: Caller = { kind: 'contact', workspace, id: idText('ctc', bytes), name: '', inbox }

function app(held: readonly Scope[]): Caller {
  return { kind: 'app', workspace, id: idText('app', bytes), name: 'A', scopes: held }
}

const names = Object.keys(routes) as RouteName[]

function code(caller: Caller | null, name: RouteName): string {
  const allowed = accessRoute(caller, name)
  return allowed.ok ? 'ok' : allowed.refusal.code
}

test('every route lets in exactly whom the table names', () => {
  for (const name of names) {
    const route: Route = routes[name]
    const open = route.who.includes('anyone')
    const expected = (listed: boolean) => (open || listed ? 'ok' : 'not_allowed')
    assert.equal(code(null, name), open ? 'ok' : 'not_signed_in', name)
    assert.equal(code(owner, name), expected(route.who.includes('owner')), name)
    assert.equal(code(agent, name), expected(route.who.includes('agent')), name)
    assert.equal(code(contact, name), expected(route.who.includes('contact')), name)
    assert.equal(code(app(scopes), name), expected(route.who.includes('app')), name)
  }
})

test('an app with every scope but the one a route wants is refused with the name of that scope', () => {
  for (const name of names) {
    const route: Route = routes[name]
    if (!route.who.includes('app')) continue
    assert.ok(route.scope, `${name} is for apps and names a scope`)
    const without = scopes.filter((scope) => scope !== route.scope)
    const refusedApp = accessRoute(app(without), name)
    assert.ok(!refusedApp.ok)
    assert.deepEqual(
      [refusedApp.refusal.code, refusedApp.refusal.field],
      ['scope_missing', route.scope],
    )
    assert.equal(code(app([route.scope]), name), 'ok')
  }
})
