import type { FastifyReply } from 'fastify'

/** What a page may load and who may show it, as a Content-Security-Policy. */
export interface PagePolicy {
  /** Origins besides our own that may show the page in a frame; null when nobody may. */
  readonly framedBy: readonly string[] | null
}

/** The policy of answers that are no pages: nothing may be loaded, and nobody may show them. */
const bare = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

/**
 * The policy of a page of ours. Scripts come from our own files only; styles may also stand in
 * attributes, because the components that measure themselves set them there.
 */
export function pagePolicy({ framedBy }: PagePolicy): string {
  const ancestors = framedBy === null ? "'none'" : ["'self'", ...framedBy].join(' ')
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
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

/** What every answer carries. */
export interface CommonHeaders {
  readonly 'x-content-type-options': string
  readonly 'referrer-policy': string
  readonly 'strict-transport-security'?: string
}

/** The headers of every answer; a server that is reached by HTTPS also asks for nothing else. */
export function commonHeaders(publicUrl: string | null): CommonHeaders {
  const common = { 'x-content-type-options': 'nosniff', 'referrer-policy': 'same-origin' }
  return publicUrl?.startsWith('https:')
    ? { ...common, 'strict-transport-security': 'max-age=31536000' }
    : common
}

/** Headers of an answer that sets none of its own: it is nobody's page and no cache's business. */
export const bareHeaders = {
  'content-security-policy': bare,
  'cache-control': 'no-store',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
} as const

/** Puts the headers of an answer where its route has not put its own. */
export function secure(reply: FastifyReply, common: CommonHeaders): void {
  void reply.headers({ ...common })
  for (const [name, value] of Object.entries(bareHeaders)) {
    if (!reply.hasHeader(name)) void reply.header(name, value)
  }
}
