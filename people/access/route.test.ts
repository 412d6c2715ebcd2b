import assert from 'node:assert/strict'
import { test } from 'node:test'
import { idText } from '@fermata/base/ids'
import { roles, scopes, type Caller, type Scope } from '@fermata/contract/actors'
import { permissions, rolePermissions, type Permission } from '@fermata/contract/permissions'
import { routes, type Route, type RouteName } from '@fermata/contract/routes'
import { accessRoute } from './route.ts'

const bytes = new Uint8Array(16)
const workspace = idText('wsp', bytes)
const session = idText('ses', bytes)
const member = { kind: 'member', workspace, id: idText('mbr', bytes), name: 'M', session } as const
const inbox = idText('ibx', bytes)
const contact: Caller = { kind: 'contact', workspace, id: idText('ctc', bytes), name: '', inbox }

/** A member whose role allows this. */
function memberWith(held: readonly Permission[]): Caller {
  return { ...member, role: 'rol_of_their_own', permissions: held }
}

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
    const anyMember = route.who.includes('anyMember')
    for (const role of roles) {
      const held = rolePermissions[role]
      const listed =
        route.who.includes('member') &&
        [route.permission, route.floor].some((one) => one !== undefined && held.includes(one))
      const one: Caller = { ...member, role, permissions: held }
      assert.equal(code(one, name), expected(anyMember || listed), `${name} by ${role}`)
    }
    assert.equal(code(contact, name), expected(route.who.includes('contact')), name)
    assert.equal(code(app(scopes), name), expected(route.who.includes('app')), name)
  }
})

test('an app with every scope but the one a route wants is refused with the name of that scope', () => {
  for (const name of names) {
    const route: Route = routes[name]
    if (!route.who.includes('app')) continue
    assert.ok(route.permission, `${name} is for apps and names a permission`)
    const without = scopes.filter((one) => one !== route.permission)
    const refusedApp = accessRoute(app(without), name)
    assert.ok(!refusedApp.ok)
    assert.deepEqual(
      [refusedApp.refusal.code, refusedApp.refusal.field],
      ['scope_missing', route.permission],
    )
    assert.equal(code(app([route.permission as Scope]), name), 'ok')
  }
})

test('a member who holds everything but what a route wants is refused, and one who holds only that gets in', () => {
  for (const name of names) {
    const route: Route = routes[name]
    if (!route.who.includes('member')) continue
    const { permission, floor } = route
    assert.ok(permission, `${name} is for members and names a permission`)
    const others = permissions.filter((one) => one !== permission && one !== floor)
    assert.equal(code(memberWith(others), name), 'not_allowed', name)
    assert.equal(code(memberWith([permission]), name), 'ok', name)
    if (floor !== undefined) assert.equal(code(memberWith([floor]), name), 'ok', name)
  }
})

test('a role allows no more than the one above it', () => {
  const [owner, admin, agent, staff] = roles.map((role) => rolePermissions[role])
  for (const [more, less] of [
    [owner, admin],
    [admin, agent],
    [agent, staff],
  ] as const) {
    assert.deepEqual(
      less?.filter((one) => !more?.includes(one)),
      [],
    )
  }
})
