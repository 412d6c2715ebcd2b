import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { isSource, listFiles, parseSource, root } from './sources.ts'
import {
  badBytes,
  badHeadings,
  badName,
  badSizes,
  countLines,
  median,
  silentFunctions,
  sizes,
} from './tidy.files.ts'
import { linesAgainst, untidyLines } from './tidy.lines.ts'
import { badLock, type Lock } from './tidy.lock.ts'
import { lineRules } from './tidy.rules.ts'

const files = listFiles().map((path) => ({ path, bytes: readFileSync(root + path) }))
const texts = files
  .filter(({ path, bytes }) => !bytes.includes(0) && path !== 'package-lock.json')
  .map(({ path, bytes }) => ({ path, text: bytes.toString() }))
const sources = texts
  .filter(({ path }) => isSource(path))
  .map(({ path, text }) => parseSource(path, text))
const pages = texts.filter(({ path }) => path.endsWith('.md'))

/** Whatever is not undefined, to be compared with nothing. */
function found(answers: readonly (string | undefined)[]): string[] {
  return answers.filter((answer) => answer !== undefined)
}

test('no line holds what a rule stops', () => {
  const parsed = new Map(sources.map((source) => [source.path, source]))
  const untidy = texts.flatMap((page) => untidyLines(parsed.get(page.path) ?? page))
  assert.deepEqual(untidy, [])
})

for (const rule of lineRules) {
  test(`the rule against ${rule.name} lets good lines pass and stops bad ones`, () => {
    // A place where every rule looks, unless it looks at tests alone.
    const path = rule.name === 'a sleep' ? 'people/example.test.ts' : 'people/example.ts'
    const stops = (line: string) => {
      const page = rule.looksAt === 'code' ? parseSource(path, line) : { path, text: line }
      return linesAgainst(rule, page).length > 0
    }
    assert.deepEqual(rule.good.filter(stops), [])
    assert.deepEqual(
      rule.bad.filter((line) => !stops(line)),
      [],
    )
    assert.ok(rule.good.length > 0 && rule.bad.length > 0 && rule.cure !== '')
  })
}

test('every file and folder is named after what is inside', () => {
  assert.deepEqual(found(files.map(({ path }) => badName(path))), [])
  for (const path of ['people/places/store.sql.ts', 'web/service-worker.ts', '.ci/run', 'A.md']) {
    assert.equal(badName(path), undefined, path)
  }
  for (const path of ['web/utils/a.ts', 'sdk/helpers.ts', 'a.service.ts', 'web/Button.tsx']) {
    assert.notEqual(badName(path), undefined, path)
  }
})

test('files and functions are small', (t) => {
  assert.deepEqual(sources.flatMap(badSizes), [])
  const product = sources.filter(({ path }) => !path.endsWith('.test.ts'))
  const middle = median(product.map(({ text }) => countLines(text)))
  t.diagnostic(`${product.length} files of code and tools, median ${middle} lines`)
  assert.ok(middle <= sizes.medianLinesMax, `the median file has ${middle} lines`)

  const long = `export function long() {\n${'  say()\n'.repeat(69)}}\n`
  assert.match(badSizes(parseSource('base/a.ts', long))[0] ?? '', /a\.ts:1 a function of 71 lines/)
  assert.deepEqual(badSizes(parseSource('base/a.test.ts', long)), [])
  const nested = `function outer() {\n  return () => {\n${'    say()\n'.repeat(68)}  }\n}\n`
  assert.deepEqual(badSizes(parseSource('base/a.ts', nested)), [])
  const tall = parseSource('base/a.ts', '// Why.\n'.repeat(401))
  assert.match(badSizes(tall)[0] ?? '', /401 lines/)
  assert.deepEqual(badSizes({ ...tall, path: 'base/a.test.ts' }), [])
})

test('functions that others build on say what they do', () => {
  assert.deepEqual(sources.flatMap(silentFunctions), [])
  const silent = 'export function add(a: number) {\n  return a\n}\n'
  const silentIn = (path: string, text: string) => silentFunctions(parseSource(path, text)).length
  assert.equal(silentIn('base/a.ts', silent), 1)
  assert.equal(silentIn('base/a.ts', `/** Adds nothing. */\n${silent}`), 0)
  assert.equal(silentIn('base/a.test.ts', silent), 0)
  assert.equal(silentIn('web/a.ts', silent), 0)
})

test('nothing big and nothing binary is kept', () => {
  assert.deepEqual(found(files.map(({ path, bytes }) => badBytes(path, bytes))), [])
  const picture = Buffer.from([0x89, 0, 1])
  assert.equal(badBytes('docs/inbox.png', picture), undefined)
  assert.match(badBytes('people/inbox.png', picture) ?? '', /is not text/)
  assert.match(badBytes('docs/inbox.png', Buffer.alloc(200_001)) ?? '', /200001 bytes/)
})

test('a page of Markdown has one title', () => {
  assert.deepEqual(found(pages.map(({ path, text }) => badHeadings(path, text))), [])
  assert.equal(badHeadings('a.md', '# One\n\n## Two\n\n```sh\n# a comment\n```\n'), undefined)
  assert.match(badHeadings('a.md', '# One\n\n# Two\n') ?? '', /2 titles/)
  assert.match(badHeadings('a.md', 'none\n') ?? '', /0 titles/)
})

test('the list of decisions names every decision', () => {
  const list = texts.find(({ path }) => path === 'docs/decisions/README.md')?.text ?? ''
  const decisions = pages.filter(({ path }) => /^docs\/decisions\/\d{4}-/.test(path))
  const forgotten = decisions
    .map(({ path }) => path.slice('docs/decisions/'.length))
    .filter((name) => !list.includes(`(${name})`))
  assert.deepEqual(forgotten, [])
})

test('every room of people says what it is and has a door', () => {
  const paths = new Set(files.map(({ path }) => path))
  const rooms = new Set(
    [...paths].flatMap((path) => /^(people\/[^/]+)\//.exec(path)?.slice(1) ?? []),
  )
  const missing = [...rooms]
    .flatMap((room) => [`${room}/README.md`, `${room}/index.ts`])
    .filter((path) => !paths.has(path))
  assert.deepEqual(missing, [])
})

test('the lock file serves every platform and names no host', () => {
  const lock = JSON.parse(readFileSync(`${root}package-lock.json`, 'utf8')) as Lock
  assert.deepEqual(badLock(lock), [])
  const packages = {
    'node_modules/@fermata/base': { resolved: 'base', link: true },
    'node_modules/a': {
      integrity: 'sha512-a',
      optionalDependencies: { 'a-linux': '1.0.0', 'a-win': '1.0.0' },
    },
    'node_modules/a-linux': { resolved: 'https://example.com/a-linux.tgz' },
  }
  assert.deepEqual(badLock({ packages }), [
    'node_modules/a wants a-win, which is not locked',
    'node_modules/a-linux names the host it came from',
    'node_modules/a-linux is not locked by integrity',
  ])
})
