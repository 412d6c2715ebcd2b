import assert from 'node:assert/strict'
import { test } from 'node:test'
import { errors } from '@fermata/contract/errors'
import { routes } from '@fermata/contract/routes'
import { schemas, type RouteSchema } from '@fermata/contract/routes.schema'
import { Compile } from 'typebox/compile'
import { sample } from './curl.ts'
import { apiDocument } from './document.ts'
import { html, prose } from './html.ts'
import { inPlain } from './names.ts'
import { referencePage } from './page.ts'

const document = apiDocument({ version: '0.1.0', publicUrl: null })
const page = referencePage(document, 'http://localhost:7300')

test('the page shows every route, every schema and every refusal, and needs no script', () => {
  for (const name of Object.keys(routes)) assert.ok(page.includes(`id="${name}"`), name)
  for (const name of Object.keys(document.components.schemas)) {
    assert.ok(page.includes(`id="schema-${name}"`), name)
  }
  for (const code of Object.keys(errors)) assert.ok(page.includes(`<code>${code}</code>`), code)
  assert.doesNotMatch(page, /<script/)
  const ids = [...page.matchAll(/ id="([^"]+)"/g)].map((match) => match[1])
  assert.equal(new Set(ids).size, ids.length)
})

test('every link of the page leads to something on it', () => {
  for (const [, id] of page.matchAll(/href="#([^"]+)"/g)) {
    assert.ok(page.includes(`id="${id}"`), String(id))
  }
})

test('every example body is one that the route takes', () => {
  for (const [name, schema] of Object.entries<RouteSchema>(schemas)) {
    if (schema.body === undefined) continue
    const example = sample(inPlain(schema.body), document.components.schemas)
    const check = Compile(schema.body)
    assert.ok(check.Check(example), `${name}: ${JSON.stringify(example)}`)
  }
})

test('texts are shown as they are and never become markup', () => {
  assert.equal(html`<b>${'<i>&"'}</b>`.html, '<b>&lt;i&gt;&amp;&quot;</b>')
  assert.equal(prose('say `<b>` twice').html, 'say <code>&lt;b&gt;</code> twice')
})
