import type { FastifyReply } from 'fastify'
import type { Caller } from '@fermata/contract/actors'
import { refusal, type Refusal } from '@fermata/contract/errors'
import type { Doors, OriginScope } from './ports.ts'

/**
 * Whether a web origin is the server's own: the one it was told to be reached at, otherwise whatever
 * host the browser itself named in this request.
 */
export function isOwnOrigin(
  origin: string,
  publicUrl: string | null,
  host: string | undefined,
): boolean {
  if (publicUrl !== null) return origin === publicUrl
  return host !== undefined && (origin === `http://${host}` || origin === `https://${host}`)
}

/** What a request says about the page that it comes from. */
export interface FromPage {
  readonly origin: string | undefined
  /** Whether the origin is the server's own. */
  readonly own: boolean
  /** Whether it changes anything, or opens a connection that stays. */
  readonly unsafe: boolean
  readonly credential: 'cookie' | 'bearer' | 'none'
  /** The key of the inbox that the path names, if it does. */
  readonly key: string | undefined
}

function refusedOrigin(publicUrl: string | null): Refusal {
  const own = publicUrl === null ? '' : ` This server is reached at ${publicUrl}.`
  return refusal('origin_refused', {
    message: `Requests from this web page are not accepted here.${own}`,
    field: 'headers.origin',
  })
}

/**
 * Whose list of origins speaks for a request from a foreign page: the inbox named in the path, or the
 * visitor's own. That a token is no longer known may be heard on any listed page.
 */
function scopeOf(page: FromPage, caller: Caller | null): OriginScope | null {
  if (page.key !== undefined) return { key: page.key }
  if (page.credential !== 'bearer') return null
  if (caller === null) return 'any'
  return caller.kind === 'contact' ? { inbox: caller.inbox } : null
}

/**
 * Decides whether a request may go on, by the page that it comes from. Our own pages may; a cookie
 * changes nothing without a page that says whose it is; a foreign page speaks only for visitors of an
 * inbox that lists it. Answers the refusal, or whether a foreign page may read the answer.
 */
export async function checkOrigin(
  page: FromPage,
  caller: Caller | null,
  doors: Pick<Doors, 'listsOrigin'>,
  publicUrl: string | null,
): Promise<Refusal | 'own' | 'listed'> {
  if (page.own) return 'own'
  if (page.origin === undefined) {
    return page.credential === 'cookie' && page.unsafe ? refusedOrigin(publicUrl) : 'own'
  }
  const scope = scopeOf(page, caller)
  const listed = scope !== null && (await doors.listsOrigin(scope, page.origin))
  return listed ? 'listed' : refusedOrigin(publicUrl)
}

/** Lets a listed page read the answer. Never with cookies: its requests carry tokens. */
export function shareWith(reply: FastifyReply, origin: string): void {
  void reply.header('access-control-allow-origin', origin)
  void reply.header(
    'access-control-expose-headers',
    'retry-after, x-request-id, location, upload-offset, upload-length, tus-resumable',
  )
  // The page that asked is served to another origin's page otherwise, by a cache between.
  void reply.header('vary', 'Origin')
  void reply.header('cross-origin-resource-policy', 'cross-origin')
}

/** Answers a browser that asks whether a listed page may send what it is about to. */
export function answerPreflight(reply: FastifyReply, origin: string): FastifyReply {
  shareWith(reply, origin)
  void reply.header('access-control-allow-methods', 'GET, HEAD, POST, PUT, PATCH, DELETE')
  void reply.header(
    'access-control-allow-headers',
    'authorization, content-type, tus-resumable, upload-checksum, upload-length, upload-metadata, upload-offset',
  )
  void reply.header('access-control-max-age', '600')
  return reply.code(204).send()
}
