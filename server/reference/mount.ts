import type { FastifyInstance } from 'fastify'
import { pagePolicy } from '../http/headers.ts'
import { apiDocument } from './document.ts'
import { referencePage } from './page.ts'

/** Mounts /openapi.json and /docs. Both are made when they are first asked for, and kept. */
export function mountReference(
  app: FastifyInstance,
  about: { version: string; publicUrl: string | null },
): void {
  let json: string | undefined
  let page = { base: '', text: '' }

  app.get('/openapi.json', (_request, reply) => {
    json ??= JSON.stringify(apiDocument(about))
    // Tools that draw the document in a browser fetch it from pages of their own.
    void reply.header('access-control-allow-origin', '*')
    return reply.type('application/json; charset=utf-8').send(json)
  })

  app.get('/docs', (request, reply) => {
    const base = about.publicUrl ?? `http://${request.headers.host ?? 'localhost'}`
    if (page.base !== base) page = { base, text: referencePage(apiDocument(about), base) }
    void reply.header('content-security-policy', pagePolicy({ framedBy: null }))
    return reply.type('text/html; charset=utf-8').send(page.text)
  })
}
