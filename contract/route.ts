import type { Permission } from './permissions.ts'

/**
 * Who may call a route at all; which objects they get is decided by the rooms' access functions. `member` is
 * a member whose role holds the route's permission, `anyMember` any who is signed in: for what concerns
 * themselves, or is cut down to what they may see.
 */
export type Who = 'anyone' | 'anyMember' | 'member' | 'contact' | 'app'

/** Which limit counts the calls of a route. */
export type Rate = 'request' | 'send' | 'signIn' | 'reset' | 'visitor'

/** A route: plain data, so that browsers can carry it without any schema. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly who: readonly Who[]
  /** What a member's role or an app's token must hold; required where `who` has `member` or `app`. */
  readonly permission?: Permission
  /** What lets a member in as well, where what members say among themselves is reached the same way. */
  readonly floor?: Permission
  readonly rate?: Rate
  /** Whether its body (`in`) or its answer (`out`) are bytes instead of JSON. */
  readonly bytes?: 'in' | 'out'
  /** One sentence for the reference. */
  readonly text: string
}
