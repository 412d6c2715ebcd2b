import type { FastifyReply, FastifyRequest } from 'fastify'
import { pagePolicy } from '../http/headers.ts'
import type { BuiltFile } from './files.ts'

/** How long a browser may keep a file without asking. */
export type Keeping = 'forever' | 'shortly' | 'ask'

const cacheControl: Readonly<Record<Keeping, string>> = {
  // Its name holds a digest of its content.
  forever: 'public, max-age=31536000, immutable',
  // It stands on other people's pages under one name, so a new one must come through soon.
  shortly: 'public, max-age=300',
  ask: 'no-cache',
}

function encoded(file: BuiltFile, accepted: string): [Buffer, string | null] {
  if (file.brotli !== null && /\bbr\b/.test(accepted)) return [file.brotli, 'br']
  if (file.gzip !== null && /\bgzip\b/.test(accepted)) return [file.gzip, 'gzip']
  return [file.bytes, null]
}

/** Sends a file, or says that the browser's own copy is still right. */
export function sendFile(
  request: FastifyRequest,
  reply: FastifyReply,
  file: BuiltFile,
  keeping: Keeping,
): FastifyReply {
  void reply.headers({ 'cache-control': cacheControl[keeping], etag: file.etag })
  if (file.brotli !== null || file.gzip !== null) void reply.header('vary', 'Accept-Encoding')
  if (request.headers['if-none-match']?.includes(file.etag)) return reply.code(304).send()
  const [bytes, encoding] = encoded(file, request.headers['accept-encoding'] ?? '')
  if (encoding !== null) void reply.header('content-encoding', encoding)
  return reply.type(file.type).send(bytes)
}

/** Sends a page of ours, which the named origins besides our own may show in a frame. */
export function sendPage(
  request: FastifyRequest,
  reply: FastifyReply,
  page: BuiltFile,
  framedBy: readonly string[] | null,
): FastifyReply {
  void reply.header('content-security-policy', pagePolicy({ framedBy }))
  return sendFile(request, reply, page, 'ask')
}

/** Lets pages of every origin load a file: what stands in it is public. */
export function forEverybody(reply: FastifyReply): void {
  void reply.headers({
    'access-control-allow-origin': '*',
    'cross-origin-resource-policy': 'cross-origin',
  })
}

/** Answers for a page that was never built. */
export function sendUnbuilt(reply: FastifyReply, what: string): FastifyReply {
  const text = `${what} is not built. Start the server with \`npm start\`, which builds it first.\n`
  return reply.code(503).type('text/plain; charset=utf-8').send(text)
}
