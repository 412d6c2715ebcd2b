// Pages of other people's sites for the widget's tests: real servers of other origins, with a strict
// policy and styles that mean harm.

import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createClient, type Client } from '@fermata/sdk/client'
import { owner, type RunningServer } from '@fermata/testkit/server'

/** A site that shows the widget of an inbox. */
export interface Host {
  readonly origin: string
  close(): void
}

/** Everything but the page's own covers is undone, hidden, turned and put out of reach. */
const hostile = `
:not(html, body, head, .cover) {
  all: unset !important;
  display: none !important;
  visibility: hidden !important;
  opacity: 0 !important;
  pointer-events: none !important;
  transform: rotate(7deg) scale(0.2) !important;
  filter: blur(9px) !important;
  transition: all 60s !important;
  clip-path: inset(50%) !important;
}
*::before, *::after, *::backdrop {
  content: "" !important;
  display: block !important;
  position: fixed !important;
  inset: 0 !important;
  background: red !important;
}
body { transform: translateX(40px); overflow: hidden; filter: contrast(1.1) }
.cover { position: fixed; inset: 0; z-index: 2147483647; background: #fee }
`

const page = (fermata: string, key: string): string => `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>A host</title>
<link rel="stylesheet" href="/hostile.css">
<script src="${fermata}/widget.js" data-inbox="${key}" defer></script></head>
<body><div class="cover">A page of somebody else.</div></body>
</html>`

/** Serves a page with the widget at http://localhost, which is another site than 127.0.0.1. */
export async function startHost(fermata: string, key: () => string): Promise<Host> {
  const policy = [
    "default-src 'none'",
    `script-src ${fermata}`,
    `frame-src ${fermata}`,
    `connect-src ${fermata}`,
    "style-src 'self'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ')
  const server: Server = createServer((request, response) => {
    const isStyle = request.url === '/hostile.css'
    response.writeHead(200, {
      'content-type': isStyle ? 'text/css' : 'text/html; charset=utf-8',
      ...(isStyle ? {} : { 'content-security-policy': policy }),
    })
    response.end(isStyle ? hostile : page(fermata, key()))
  })
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://localhost:${port}`,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

/** A client that is signed in as the owner, by cookie, as the inbox's page would be. */
export async function signIn({ url }: Pick<RunningServer, 'url'>): Promise<Client> {
  let cookie = ''
  const client = createClient({
    url,
    async fetch(input, init) {
      const headers = new Headers(init?.headers)
      headers.set('origin', url)
      if (cookie !== '') headers.set('cookie', cookie)
      const answer = await fetch(input, { ...init, headers })
      cookie ||= answer.headers.get('set-cookie')?.split(';')[0] ?? ''
      return answer
    },
  })
  const signedIn = await client.sessions.start({ body: owner })
  if (!signedIn.ok) throw new Error(signedIn.refusal.message)
  return client
}
