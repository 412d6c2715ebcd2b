import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Validator } from '@seriousme/openapi-schema-validator'
import { routes, type Route } from '@fermata/contract/routes'
import { apiDocument } from './document.ts'

const document = apiDocument({ version: '0.1.0', publicUrl: null })

test('the description is a valid OpenAPI 3.1 document, as a validator of others sees it', async () => {
  const validator = new Validator()
  const found = await validator.validate(JSON.parse(JSON.stringify(document)))
  assert.deepEqual(found.errors ?? [], [])
  assert.equal(found.valid, true)
  assert.equal(validator.version, '3.1')
})

test('every route of the table is in it once, with its parameters', () => {
  const described = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId }]) => [operationId, method, path]),
  )
  const expected = Object.entries<Route>(routes).map(([name, { method, path }]) => [
    name,
    method.toLowerCase(),
    path.replaceAll(/:([a-z]+)/g, '{$1}'),
  ])
  const inOrder = (rows: readonly (readonly (string | undefined)[])[]) =>
    rows.map((row) => row.join(' ')).toSorted()
  assert.deepEqual(inOrder(described), inOrder(expected))
  for (const [path, methods] of Object.entries(document.paths)) {
    const inPath = [...path.matchAll(/\{([a-z]+)\}/g)].map((match) => match[1])
    for (const { parameters, operationId } of Object.values(methods)) {
      const named = parameters.filter((one) => one.in === 'path').map((one) => one.name)
      assert.deepEqual(named, inPath, operationId)
    }
  }
})

test('every reference leads somewhere, and what has a name stands there once', () => {
  const text = JSON.stringify(document)
  for (const [, name] of text.matchAll(/"#\/components\/schemas\/([A-Za-z]+)"/g)) {
    assert.ok(document.components.schemas[name!], String(name))
  }
  assert.equal(text.match(/"turnSince":/g)?.length, 1)
  // What is described in full each time that it comes up makes it several times as long.
  const most = 1_550 * Object.keys(routes).length
  assert.ok(text.length < most, `${text.length} characters of ${most}`)
})
