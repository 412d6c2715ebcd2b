import { ok, refused, type Result } from '@fermata/base/result'
import type { Caller } from '@fermata/contract/actors'
import { refusal, type Refusal } from '@fermata/contract/errors'
import { may } from '@fermata/contract/may'
import { routes, type Route, type RouteName } from '@fermata/contract/routes'

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
  if (!isLetIn(caller, route)) return refused(refusal('not_allowed'))
  if (caller.kind === 'app' && !holds(caller, route)) {
    return refused(
      refusal('scope_missing', route.permission === undefined ? {} : { field: route.permission }),
    )
  }
  return ok(caller)
}

function isLetIn(caller: Caller, route: Route): boolean {
  const { who } = route
  if (caller.kind !== 'member') return who.includes(caller.kind)
  if (who.includes('anyMember')) return true
  return who.includes('member') && (holds(caller, route) || holdsFloor(caller, route))
}

/** What is said to customers is guarded once more by the room: this lets in to what colleagues say. */
function holdsFloor(caller: Caller, { floor }: Route): boolean {
  return floor !== undefined && may(caller, floor)
}

/** A route that names no permission would be open to every role and token, so it is open to none. */
function holds(caller: Caller, { permission }: Route): boolean {
  return permission !== undefined && may(caller, permission)
}
