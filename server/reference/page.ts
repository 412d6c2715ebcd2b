import { errors } from '@fermata/contract/errors'
import { limits } from '@fermata/base/limits'
import { curlFor } from './curl.ts'
import type { ApiDocument, Operation, Parameter } from './document.ts'
import { html, prose, type Html } from './html.ts'
import { pageStyle } from './style.ts'
import { described, typeOf } from './types.ts'

/** One operation with where it is. */
interface Placed {
  readonly method: string
  readonly path: string
  readonly operation: Operation
}

function placed(document: ApiDocument): Placed[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method, path, operation })),
  )
}

function parameterRows(parameters: readonly Parameter[]): Html {
  if (parameters.length === 0) return html``
  return html`<h4>Parameters</h4>
    <table>
      ${parameters.map(
        (one) =>
          html`<tr>
            <th scope="row">
              <code>${one.name}</code>${one.required ? html`` : html` <i>optional</i>`}
            </th>
            <td>in the ${one.in}: ${typeOf(one.schema)}</td>
          </tr>`,
      )}
    </table>`
}

function bodyAndAnswer({ requestBody, responses }: Operation): Html {
  const body = requestBody?.content['application/json']?.schema
  const answer = responses['200']?.content?.['application/json']?.schema
  return html`${
      body === undefined
        ? html``
        : html`<h4>Body</h4>
            ${described(body)}`
    }
    <h4>Answer</h4>
    ${answer === undefined ? html`<p>204, without a body.</p>` : described(answer)}`
}

function operationHtml(one: Placed, document: ApiDocument, base: string): Html {
  const { operation, method, path } = one
  return html`<section class="operation" id="${operation.operationId}">
    <h3>
      <a href="#${operation.operationId}"><b>${method.toUpperCase()}</b> <code>${path}</code></a>
    </h3>
    <p>${prose(operation.summary)} ${prose(operation.description)}</p>
    <pre><code>${curlFor(operation, { method, path, base }, document.components.schemas)}</code></pre>
    <details>
      <summary>Fields</summary>
      ${parameterRows(operation.parameters)} ${bodyAndAnswer(operation)}
    </details>
  </section>`
}

function errorRows(): Html {
  return html`<table>
    ${Object.entries(errors).map(
      ([code, { status, text }]) =>
        html`<tr>
          <th scope="row"><code>${code}</code></th>
          <td>${status}</td>
          <td>${prose(text)}</td>
        </tr>`,
    )}
  </table>`
}

function introduction(base: string): Html {
  const bytes = limits.bodyBytesMax / 1024
  return html`<p>
      Everything the screens do goes through these routes, and a program may do the same. Requests
      and answers are JSON; times are milliseconds since 1970; ids are texts that begin with what
      they name. The same as a file for tools: <a href="/openapi.json">openapi.json</a>.
    </p>
    <h2 id="who">Who is asking</h2>
    <p>
      An app sends its token as <code>Authorization: Bearer …</code>; an owner makes apps under
      Settings, or with <a href="#apps.add">POST /v1/apps</a>. A member signs in with
      <a href="#sessions.start">POST /v1/sessions</a> and has a cookie from then on; whatever
      changes something with the cookie must also carry the header <code>Origin</code> of this
      server (${base}).
    </p>
    <h2 id="done">What done means</h2>
    <p>
      An answer with a status of 2xx has been written to disk, and so has everything that an answer
      shows. What is sent carries an id that the sender makes (<code>client</code>, a UUIDv7): sent
      again after a broken connection, it answers with what was stored the first time and stores
      nothing twice.
    </p>
    <h2 id="feed">Following along</h2>
    <p>
      Every change is an event with a position. <a href="#feed.read">GET /v1/feed</a> answers those
      after a position; with <code>Accept: text/event-stream</code> it goes on for ever, and so does
      a WebSocket at <code>/v1/feed/socket?since=…</code> with the subprotocol
      <code>fermata.v1</code> (a page that cannot set headers adds <code>bearer.</code> and its
      token as a second one). Every frame names the position to go on from. <code>reset</code> says
      that the position asked for is too old: fetch afresh, then go on from the position of that
      answer.
    </p>
    <h2 id="errors">What can go wrong</h2>
    <p>
      Every refusal is <code>{"error": {"code", "message", "field"?, "limit"?}}</code>. A body may
      have ${bytes} KiB. Whoever asks too often is told when to come again, in seconds, by the
      header <code>Retry-After</code>.
    </p>
    ${errorRows()}`
}

/** The reference as a page to read: made of the same description that tools get. */
export function referencePage(document: ApiDocument, base: string): string {
  const all = placed(document)
  const tags = document.tags.map(({ name }) => name)
  const schemas = Object.entries(document.components.schemas)
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>Fermata: the HTTP API</title>
        <link rel="icon" href="/icon.svg" type="image/svg+xml" />
        ${{ html: `<style>${pageStyle}</style>` }}
      </head>
      <body>
        <header>
          <h1>Fermata: the HTTP API</h1>
          <nav aria-label="Sections">
            ${[...tags, 'schemas'].map((tag) => html`<a href="#section-${tag}">${tag}</a> `)}
          </nav>
        </header>
        <main>
          ${introduction(base)}
          ${tags.map(
            (tag) =>
              html`<h2 id="section-${tag}">${tag}</h2>
                ${all
                  .filter(({ operation }) => operation.tags.includes(tag))
                  .map((one) => operationHtml(one, document, base))}`,
          )}
          <h2 id="section-schemas">schemas</h2>
          ${schemas.map(
            ([name, schema]) =>
              html`<section id="schema-${name}">
                <h3><a href="#schema-${name}">${name}</a></h3>
                ${described(schema)}
              </section>`,
          )}
        </main>
      </body>
    </html>`
  return page.html
}
