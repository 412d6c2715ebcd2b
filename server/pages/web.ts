import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { BuiltFiles } from './files.ts'
import { sendFile, sendPage, sendUnbuilt } from './send.ts'

/** The paths that belong to others, where no page of the app can be. */
const others = /^\/(?:v1|files|widget|assets|docs|try|healthz|readyz|metrics)(?:[/?.]|$)/

/** The app's service worker. */
const serviceWorker = 'worker.js'

/** A worker lives under the policy of its own file, and this one fetches the files of the app. */
const workerPolicy = "default-src 'none'; connect-src 'self'"

/** Whether a browser asks for a page, as it does for a link or an address typed by hand. */
function wantsPage(request: FastifyRequest): boolean {
  if (request.method !== 'GET' || others.test(request.url)) return false
  return (request.headers.accept ?? '').includes('text/html')
}

function sendIndex(
  request: FastifyRequest,
  reply: FastifyReply,
  files: BuiltFiles | null,
): FastifyReply {
  const index = files?.get('index.html')
  if (index === undefined) return sendUnbuilt(reply, 'The web app')
  return sendPage(request, reply, index, null)
}

/** Mounts the files of the web app. Those with a digest in their name may be kept for ever. */
export function mountWeb(app: FastifyInstance, files: BuiltFiles | null): void {
  app.get('/', { exposeHeadRoute: true }, (request, reply) => sendIndex(request, reply, files))
  for (const [name, file] of files ?? []) {
    if (name === 'index.html') continue
    const keeping = name.startsWith('assets/') ? 'forever' : 'ask'
    app.get(`/${name}`, { exposeHeadRoute: true }, (request, reply) => {
      if (name === serviceWorker) void reply.header('content-security-policy', workerPolicy)
      return sendFile(request, reply, file, keeping)
    })
  }
}

/**
 * Answers every address that a person may have in their bar with the app, which knows its own
 * addresses. Answers false when the request is for something else.
 */
export function webFallback(
  request: FastifyRequest,
  reply: FastifyReply,
  files: BuiltFiles | null,
): boolean {
  if (!wantsPage(request)) return false
  sendIndex(request, reply, files)
  return true
}
