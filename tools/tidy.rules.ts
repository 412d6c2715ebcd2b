// What may not stand in a line, as data. Each rule says what to do instead, and shows lines that it
// lets pass and lines that it stops; those are tested too.

/** Something that no line may hold. */
export interface LineRule {
  readonly name: string
  readonly pattern: RegExp
  /** `code` looks past comments and literals, `text` at everything. */
  readonly looksAt: 'code' | 'text'
  /** The only files it looks at; all sources, or all texts, where nothing is said. */
  readonly only?: RegExp
  /** The files that may. */
  readonly except?: RegExp
  /** What to do instead. */
  readonly cure: string
  readonly good: readonly string[]
  readonly bad: readonly string[]
}

/**
 * Where time, timers and chance come from: base/ makes them, the entries hand them on. The testkit,
 * the benches and the tools deal with real programs, and those take real time.
 */
const sourcesOfTime =
  /^(?:base|testkit|bench|tools)\/|^(?:server|web|widget)\/main\.tsx?$|^wire\/thread\/worker\.ts$/

/** The published client makes its users' ids where they hand in nothing else. */
const sourcesOfChance = new RegExp(`${sourcesOfTime.source}|^sdk/client\\.ts$`)

/** Those, and tests: they time what takes real time, and need secrets that nobody knows. */
const orTests = (places: RegExp): RegExp =>
  new RegExp(`${places.source}|\\.(?:test|contract|world)\\.tsx?$|^server/proof/`)

const clockRules: readonly LineRule[] = [
  {
    name: 'the wall clock',
    pattern:
      /\bDate\.now\b|\bnew Date\(\s*\)|\bnew Date\b(?!\()|(?<![.\w])(?<!new )Date\(|\bTemporal\.Now\b/,
    looksAt: 'code',
    except: sourcesOfTime,
    cure: 'take a Clock as a parameter and ask its now()',
    good: ['clock.now()', 'new Date(at)', "say('Date.now()')", 'formatDate(at)', '// Date.now()'],
    bad: ['const at = Date.now()', 'new Date()', 'times.map(Date.now)', 'Temporal.Now.instant()'],
  },
  {
    name: 'the stopwatch',
    pattern: /\bperformance\.now\b|\bprocess\.hrtime\b/,
    looksAt: 'code',
    except: orTests(sourcesOfTime),
    cure: 'take a Clock as a parameter and ask its monotonic()',
    good: ['clock.monotonic()', 'performance.mark(name)'],
    bad: ['performance.now()', 'process.hrtime.bigint()'],
  },
  {
    name: 'a timer',
    pattern: /\bset(?:Timeout|Interval)\b/,
    looksAt: 'code',
    except: sourcesOfTime,
    cure: 'take a Clock as a parameter and use its after(); tests wait for what they want to see',
    good: ['clock.after(limits.heartbeatMs, beat)', 'setTimeoutless()', '// setTimeout'],
    bad: ['setTimeout(beat, 10)', "import { setInterval } from 'node:timers/promises'"],
  },
  {
    name: 'a sleep',
    pattern: /\b(?:sleep|delay|waitForTimeout)\s*\(/,
    looksAt: 'code',
    except: /^(?!.*\.test\.tsx?$)/,
    cure: 'wait for what the test wants to see, or move a fake clock',
    good: ['await until(() => seen.length === 3)', 'clock.advance(10)', 'sleepless()'],
    bad: ['await sleep(10)', 'await page.waitForTimeout(100)'],
  },
  {
    name: 'chance',
    pattern: /\bMath\.random\b|\brandomUUID\b/,
    looksAt: 'code',
    except: sourcesOfChance,
    cure: 'take the randomness, or the ids made of it, as a parameter; tests take a printed seed',
    good: ['random(bytes)', "const s = 'Math.random()'", 'newId()'],
    bad: ['Math.random()', 'crypto.randomUUID()'],
  },
  {
    name: 'chance of the system',
    pattern: /\bgetRandomValues\b|\brandom(?:Bytes|Int|FillSync)\b/,
    looksAt: 'code',
    except: orTests(sourcesOfChance),
    cure: 'take the randomness as a parameter',
    good: ['random(bytes)'],
    bad: ['crypto.getRandomValues(bytes)', 'randomBytes(16)'],
  },
  {
    name: 'the environment',
    pattern: /\bprocess\.env\b|\bimport\.meta\.env\b/,
    looksAt: 'code',
    // The server's entry hands it to config.ts. The testkit asks for CI and for the knobs of long
    // tests, and starts programs.
    except: /^server\/(?:config|main)\.ts$|^cli\/main\.ts$|^(?:testkit|tools)\//,
    cure: 'server/config.ts alone reads it and hands on what it found',
    good: ['config.port', "say('process.env')"],
    bad: ["process.env['PORT']", 'import.meta.env.DEV'],
  },
]

/** The pieces are joined here so that this file may stand under its own rules. */
const later = ['TO', 'DO'].join('')
const broken = ['FIX', 'ME'].join('')
const hush = ['@ts-', 'ignore'].join('')
const deaf = ['oxlint-', 'disable-next-line no-var'].join('')
const place = ['', 'home', 'ada', 'fermata'].join('/')
const warehouse = ['https:', '', ['registry', 'example.com'].join('.'), 'fastify'].join('/')

const wordRules: readonly LineRule[] = [
  {
    name: 'work put off without an issue',
    pattern: new RegExp(`\\b${later}\\b(?!\\(#\\d+\\))`),
    looksAt: 'text',
    cure: `do it now, or open an issue and write ${later}(#12)`,
    good: [`// ${later}(#12): Take leases into account.`, 'todoList()'],
    bad: [`// ${later}: later`, `// ${later}(me)`],
  },
  {
    name: 'a fault left standing',
    pattern: new RegExp(`\\b${broken}\\b`),
    looksAt: 'text',
    cure: 'repair it, or say in a sentence why it is as it is',
    good: ['// This is odd because SQLite takes it so.'],
    bad: [`// ${broken}: wrong on Mondays`],
  },
  {
    name: 'everything exported',
    pattern: /\bexport\s+(?:type\s+)?\*/,
    looksAt: 'code',
    cure: 'name what the file gives away',
    good: ["export { open } from './open.ts'", "export type { Port } from './port.ts'"],
    bad: ["export * from './open.ts'", "export * as all from './open.ts'"],
  },
  {
    name: 'any',
    pattern: /(?::|\bas|<|\||=>|,)\s*any\b(?!\s*[:(=])/,
    looksAt: 'code',
    only: /\.tsx?$/,
    cure: 'say what it is, or `unknown` and look',
    good: ['const x: unknown = 1', 'f(all, anything)', 'Promise.any(all)', 'type Company = string'],
    bad: ['let x: any', 'x as any', 'new Map<string, any>()', 'const y = x as any as string'],
  },
  {
    name: 'a silenced compiler',
    pattern: /@ts-(?:ignore|expect-error|nocheck)/,
    looksAt: 'text',
    only: /\.(?:ts|tsx|js)$/,
    cure: 'make the types true',
    good: ['// Types follow the schema.'],
    bad: [`// ${hush}`],
  },
  {
    name: 'a silenced linter without a reason',
    pattern: /(?:ox|es)lint-disable(?!.* -- \S)/,
    looksAt: 'text',
    only: /\.(?:ts|tsx|js)$/,
    cure: 'write ` -- ` and why, or follow the rule',
    good: [`// ${deaf} -- the parser of old scripts is under test`],
    bad: [`// ${deaf}`],
  },
  {
    name: 'a test set apart',
    pattern: /\b(?:test|it|describe|suite)\.(?:only|skip|todo)\b|\b(?:only|todo): true\b/,
    looksAt: 'code',
    cure: 'all tests run; what the system lacks is asked for with need() of the testkit',
    good: ["test('all', { skip: chromium.skip }, run)", 'suite.name'],
    bad: ["test.only('one', run)", "describe.skip('later', run)", "test('x', { todo: true })"],
  },
  {
    name: 'a path of one machine',
    pattern: /(?<![\w.~/:*-])\/(?:home|root|Users|work|workspace|tmp)\/[\w.-]/,
    looksAt: 'text',
    cure: 'paths are relative to the repository, or come from tmpdir()',
    good: ["join(tmpdir(), 'fermata-')", 'web/home/a.ts', 'https://example.com/home/a', './root/a'],
    bad: [`cd ${place}`, `const folder = '${place}'`, `(${place})`],
  },
  {
    name: 'a host that serves packages',
    pattern: /\/\/(?:[\w-]+\.)*registry\.[a-z]|\bnpm_config_registry\b|^registry=/,
    looksAt: 'text',
    cure: 'everybody installs from where their own npm is set up to',
    good: ['await registry.metrics()', 'a register of errors'],
    bad: [warehouse, `"resolved": "${warehouse}"`],
  },
]

/** All of them. */
export const lineRules: readonly LineRule[] = [...clockRules, ...wordRules]
