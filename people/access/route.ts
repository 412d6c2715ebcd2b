import { ok, refused, type Result } from '@fermata/base/result'
import type { Caller } from '@fermata/contract/actors'
import { refusal, type Refusal } from '@fermata/contract/errors'
import { routes, type Route, type RouteName, type Who } from '@fermata/contract/routes'

/** As whom the route table counts a caller. */
function whoIs(caller: Caller): Who {
  return caller.kind === 'member' ? caller.role : caller.kind
}

/**
 * Decides whether a caller may call a route at all; which objects they get there is decided by the
 * rooms. Null is nobody, who gets through where the table says `anyone`. Refuses with
 * `not_signed_in`, `not_allowed` or `scope_missing`.
 */
export function accessRoute(
  caller: Caller | null,
  name: RouteName,
): Result<Caller | null, Refusal> {
  const route: Route = routes[name]
  if (route.who.includes('anyone')) return ok(caller)
  if (caller === null) return refused(refusal('not_signed_in'))
  if (!route.who.includes(whoIs(caller))) return refused(refusal('not_allowed'))
  if (caller.kind === 'app' && !hasScope(caller.scopes, route)) {
    return refused(
      refusal('scope_missing', route.scope === undefined ? {} : { field: route.scope }),
    )
  }
  return ok(caller)
}

/** A route that lists apps but no scope would be open to every token, so it is open to none. */
function hasScope(scopes: readonly string[], route: Route): boolean {
  return route.scope !== undefined && scopes.includes(route.scope)
}
