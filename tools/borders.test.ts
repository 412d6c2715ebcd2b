import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { test } from 'node:test'
import { drawGraph, findCycles, schemasInBrowsers } from './borders.graph.ts'
import { rooms, wings } from './borders.table.ts'
import { breachesOf, type Manifest } from './borders.ts'
import { isSource, listFiles, parseSource, readText, root } from './sources.ts'

const files = listFiles()
const sources = files.filter(isSource).map((path) => parseSource(path, readText(path)))

function readManifest(path: string): Manifest {
  const manifest = JSON.parse(readText(path)) as Record<string, Record<string, string> | undefined>
  return {
    dependencies: Object.keys(manifest['dependencies'] ?? {}),
    devDependencies: Object.keys(manifest['devDependencies'] ?? {}),
  }
}

const manifests = new Map<string, Manifest>(
  files
    .filter((path) => /^(?:[^/]+\/)?package\.json$/.test(path))
    .map((path) => [path.replace(/\/?package\.json$/, ''), readManifest(path)]),
)

test('every import of the repository keeps to the table', () => {
  const breaches = sources.flatMap((source) => breachesOf(source, manifests))
  const lines = breaches.map(({ path, line, why }) => `${path}:${line} ${why}`)
  assert.deepEqual(lines, [])
})

test('no files load each other in a circle', () => {
  assert.deepEqual(findCycles(drawGraph(sources, false)), [])
})

test('no schema is loaded by what runs in a browser', () => {
  assert.deepEqual(schemasInBrowsers(drawGraph(sources, true)), [])
})

test('the table names every workspace, and every room of people', () => {
  const folders = [...manifests.keys()].filter((name) => name !== '')
  assert.deepEqual([...folders, 'tools'].toSorted(), Object.keys(wings).toSorted())
  const found = readdirSync(`${root}people`, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules')
    .map((entry) => entry.name)
  assert.deepEqual(
    found.filter((name) => !rooms.includes(name)),
    [],
  )
})

const example = new Map<string, Manifest>([
  ['', { dependencies: [], devDependencies: ['fast-check'] }],
  ['people', { dependencies: ['kysely', '@scope/pack'], devDependencies: ['@types/pg'] }],
  ['server', { dependencies: ['ws'], devDependencies: [] }],
])

/** Lines of a file, and the words that its breach must hold; none where the line is good. */
const cases: readonly [path: string, line: string, breach?: string][] = [
  // Directions.
  ['contract/a.ts', "import { now } from '@fermata/base/clock'"],
  ['base/a.ts', "import { x } from '@fermata/contract/errors'", 'base/ must not know contract/'],
  ['base/a.ts', "import type { X } from '@fermata/contract/errors'", 'must not know'],
  ['storage/a.ts', "export { x } from '@fermata/people/handler'", 'must not know people/'],
  ['people/a.ts', "const x = await import('@fermata/server/config')", 'must not know server/'],
  ['web/a.tsx', "type X = import('@fermata/people/handler').X", 'must not know people/'],
  ['server/a.ts', "import { x } from '@fermata/sdk/client'", 'only in tests'],
  ['server/a.test.ts', "import { x } from '@fermata/sdk/client'"],
  ['people/a.ts', "import { x } from '@fermata/testkit/clock'", 'only in tests'],
  ['people/a.test.ts', "import { x } from '@fermata/testkit/clock'"],
  ['storage/port.contract.ts', "import { x } from '@fermata/testkit/clock'"],
  ['attic/a.ts', "import { x } from './b.ts'", 'attic/ is no wing'],
  // Names.
  ['storage/a.ts', "import { x } from '../base/clock.ts'", 'imported by its name'],
  ['storage/a.ts', "import { x } from '@fermata/storage/port'", 'imports are relative'],
  // Rooms.
  ['people/places/a.ts', "import { x } from '../teams/index.ts'"],
  ['people/places/a.ts', "import { x } from './b.ts'"],
  ['people/places/a.ts', "import { x } from '../handler.ts'"],
  ['people/places/a.ts', "import { x } from '../teams/store.ts'", 'people/teams/index.ts'],
  ['people/teams/a.ts', "import { x } from '../places/index.ts'", 'places comes after teams'],
  ['people/teams/a.ts', "import { x } from '../cellar/index.ts'", 'no place in the order'],
  ['people/cellar/a.ts', "import { x } from '../teams/index.ts'", 'no place in the order'],
  ['people/all.ts', "import { x } from './places/index.ts'"],
  ['people/all.ts', "import { x } from './places/store.ts'", 'people/places/index.ts'],
  ['server/a.ts', "import { x } from '@fermata/people/places/index'"],
  ['server/a.ts', "import { x } from '@fermata/people/places/store'", 'people/places/index.ts'],
  // Schemas and browsers.
  ['server/a.ts', "import { x } from '@fermata/contract/teams.schema'"],
  ['web/a.ts', "import type { X } from '@fermata/contract/teams.schema'"],
  ['web/a.ts', "import { x } from '@fermata/contract/teams.schema'", 'stay on the server'],
  ['sdk/a.ts', "import { type X } from '@fermata/contract/teams.schema'", 'stay on the server'],
  ['web/a.ts', "import { x } from '@fermata/contract/apply'"],
  // Node.
  ['storage/a.ts', "import { x } from 'node:fs'"],
  ['base/a.ts', "import { x } from 'node:fs'", 'also runs in browsers'],
  ['widget/a.ts', "import { x } from 'path'", 'also runs in browsers'],
  ['base/a.test.ts', "import { test } from 'node:test'"],
  ['web/vite.config.ts', "import { x } from 'node:path'"],
  // Packages.
  ['people/a.ts', "import { x } from 'kysely/helpers/sqlite'"],
  ['people/a.ts', "import { x } from '@scope/pack/deep'"],
  ['people/a.ts', "import { x } from 'ws'", 'not named in people/package.json'],
  ['people/a.ts', "import { x } from 'fast-check'", 'not named in people/package.json (dep'],
  ['people/a.test.ts', "import { x } from 'fast-check'"],
  ['people/a.ts', "import type { X } from '@types/pg'"],
  ['tools/a.ts', "import { x } from 'fast-check'"],
  ['tools/a.ts', "import { x } from 'ws'", 'not named in package.json'],
  // Workers, and programs.
  ['bench/a.ts', "spawn(new URL('../server/main.ts', import.meta.url))"],
  ['server/a.server.test.ts', "spawn(new URL('../tools/leash.js', import.meta.url))"],
  ['bench/a.ts', "import('../server/main.ts')", 'must not know server/'],
  [
    'people/a.ts',
    "new Worker(new URL('../server/a.ts', import.meta.url))",
    'must not know server/',
  ],
]

for (const [path, line, breach] of cases) {
  test(`in ${path}, ${line} is ${breach ? 'refused' : 'fine'}`, () => {
    const breaches = breachesOf(parseSource(path, line), example)
    if (breach === undefined) {
      assert.deepEqual(breaches, [])
      return
    }
    const whys = breaches.map(({ why }) => why).join('\n')
    assert.ok(whys.includes(breach), whys || 'it was not refused')
  })
}

function graphOf(texts: Record<string, string>, withThreads = false) {
  const parsed = Object.entries(texts).map(([path, text]) => parseSource(path, text))
  return drawGraph(parsed, withThreads)
}

test('a circle is found, one of types alone is none', () => {
  const circle = {
    'base/a.ts': "import { b } from './b.ts'",
    'base/b.ts': "export { c } from './c.ts'",
    'base/c.ts': "await import('./a.ts')",
  }
  const found = findCycles(graphOf(circle))
  assert.deepEqual(found, [['base/a.ts', 'base/b.ts', 'base/c.ts', 'base/a.ts']])
  const open = { ...circle, 'base/c.ts': "import type { A } from './a.ts'" }
  assert.deepEqual(findCycles(graphOf(open)), [])
  const worker = { ...circle, 'base/c.ts': "new Worker(new URL('./a.ts', import.meta.url))" }
  assert.deepEqual(findCycles(graphOf(worker)), [])
})

test('a schema that a browser would load through another file is found with the way to it', () => {
  const texts = {
    'web/main.tsx': "import { apply } from '@fermata/contract/apply'",
    'contract/apply.ts': "import { shape } from './teams.schema.ts'",
    'contract/teams.schema.ts': 'export const shape = {}',
  }
  const way = ['web/main.tsx', 'contract/apply.ts', 'contract/teams.schema.ts']
  assert.deepEqual(schemasInBrowsers(graphOf(texts)), [way])
  const worker = {
    ...texts,
    'web/main.tsx': "new Worker(new URL('../contract/apply.ts', import.meta.url))",
  }
  assert.deepEqual(schemasInBrowsers(graphOf(worker, true)), [way])
  const typed = {
    ...texts,
    'contract/apply.ts': "import type { Shape } from './teams.schema.ts'",
  }
  assert.deepEqual(schemasInBrowsers(graphOf(typed)), [])
  const { 'web/main.tsx': text, ...others } = texts
  assert.deepEqual(schemasInBrowsers(graphOf({ ...others, 'web/a.test.ts': text })), [])
})
