import type { FastifyReply } from 'fastify'

/** What a page may load and who may show it, as a Content-Security-Policy. */
export interface PagePolicy {
  /** Origins besides our own that may show the page in a frame; null when nobody may. */
  readonly framedBy: readonly string[] | null
  /** Where styles may come from, if not only from our own files. */
  readonly styles?: string
}

/** The policy of answers that are no pages: nothing may be loaded, and nobody may show them. */
const bare = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

/** The policy of a page of ours: everything it loads is a file of ours. */
export function pagePolicy({ framedBy, styles = "'self'" }: PagePolicy): string {
  const ancestors = framedBy === null ? "'none'" : ["'self'", ...framedBy].join(' ')
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src ${styles}`,
    "img-src 'self' data: blob:",
    "media-src 'self' blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    "frame-src 'self'",
    `frame-ancestors ${ancestors}`,
    "base-uri 'none'",
    "form-action 'self'",
  ].join('; ')
}

/** Names and values of headers. */
export type Headers = readonly (readonly [name: string, value: string])[]

/** The headers of every answer; a server that is reached by HTTPS also asks for nothing else. */
export function commonHeaders(publicUrl: string | null): Headers {
  const common: Headers = [
    ['x-content-type-options', 'nosniff'],
    ['referrer-policy', 'same-origin'],
  ]
  return publicUrl?.startsWith('https:')
    ? [...common, ['strict-transport-security', 'max-age=31536000']]
    : common
}

/** Headers of an answer that sets none of its own: it is nobody's page and no cache's business. */
const bareHeaders: Headers = [
  ['content-security-policy', bare],
  ['cache-control', 'no-store'],
  ['cross-origin-opener-policy', 'same-origin'],
  ['cross-origin-resource-policy', 'same-origin'],
]

/** Puts the headers of an answer where its route has not put its own. */
export function secure(reply: FastifyReply, common: Headers): void {
  for (const [name, value] of common) void reply.header(name, value)
  for (const [name, value] of bareHeaders) {
    if (reply.getHeader(name) === undefined) void reply.header(name, value)
  }
}
