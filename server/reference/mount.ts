import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { pagePolicy } from '../http/headers.ts'
import { apiDocument } from './document.ts'
import { escaped } from './html.ts'
import { referencePage } from './page.ts'
import { pageStyle } from './style.ts'

/** Stands in the page where the address goes by which its reader has come. */
const baseMark = 'http://fermata.invalid'

/** Mounts /openapi.json and /docs. Both are made when they are first asked for, and kept. */
export function mountReference(
  app: FastifyInstance,
  about: { version: string; publicUrl: string | null },
): void {
  // The page brings its only style along, known by its digest.
  const digest = createHash('sha256').update(pageStyle).digest('base64')
  const policy = pagePolicy({ framedBy: null, styles: `'sha256-${digest}'` })
  let json: string | undefined
  let page: string | undefined

  app.get('/openapi.json', (_request, reply) => {
    json ??= JSON.stringify(apiDocument(about))
    // Tools that draw the document in a browser fetch it from pages of their own.
    void reply.header('access-control-allow-origin', '*')
    return reply.type('application/json; charset=utf-8').send(json)
  })

  app.get('/docs', (request, reply) => {
    const base = about.publicUrl ?? `http://${request.headers.host ?? 'localhost'}`
    page ??= referencePage(apiDocument(about), baseMark)
    void reply.header('content-security-policy', policy)
    return reply
      .type('text/html; charset=utf-8')
      .send(page.replaceAll(baseMark, () => escaped(base)))
  })
}
