import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { access, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

// librdkafka's own tests, built once for this machine, outside of the clone. Its sources travel within an npm package.

const run = promisify(execFile)

/** The package that carries the sources, and the digest of its tarball. */
const source = {
  pack: '@confluentinc/kafka-javascript@1.10.1',
  sha256: 'ada7d703bb1d3237e2292bfabf438d663b6160c9f1ac2a2406b5dc4257c81b66',
} as const

/** Where the runner lies, built. */
export interface Suite {
  /** The folder of the tests, in which the runner is to be started. */
  readonly folder: string
  /** Every test that there is. */
  readonly tests: readonly SuiteTest[]
}

/** One test, as the suite itself declares it. */
export interface SuiteTest {
  readonly name: string
  /** Whether it says nothing of a broker: it tests the client alone, has a broker of its own, or is a tool for people. */
  readonly isLocal: boolean
  /** What the broker must be set up for; `default` for most. */
  readonly scenario: 'default' | 'noautocreate'
}

/** The suite, built if it was not. Rejects where the compiler or the package cannot be had. */
export async function provideSuite(say: (text: string) => void): Promise<Suite> {
  const home = join(homedir(), '.cache', 'fermata', `librdkafka-${source.sha256.slice(0, 12)}`)
  const folder = join(home, 'package', 'deps', 'librdkafka', 'tests')
  const done = join(home, 'built')
  if (!(await isThere(done))) {
    say(`building the suite in ${home}`)
    // What another process builds at the same time is as good; the last one stays.
    const stage = `${home}.${process.pid}`
    await rm(stage, { recursive: true, force: true })
    await mkdir(stage, { recursive: true })
    try {
      await build(stage)
      await writeFile(join(stage, 'built'), source.pack)
      await rm(home, { recursive: true, force: true })
      await rename(stage, home)
    } finally {
      await rm(stage, { recursive: true, force: true })
    }
  }
  return { folder, tests: testsIn(await readFile(join(folder, 'test.c'), 'utf8')) }
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

async function build(stage: string): Promise<void> {
  const { stdout } = await run('npm', ['pack', source.pack, '--silent'], { cwd: stage })
  const tarball = join(stage, stdout.trim())
  const digest = createHash('sha256')
    .update(await readFile(tarball))
    .digest('hex')
  if (digest !== source.sha256) throw new Error(`${source.pack} is not what it was: ${digest}`)
  await run('tar', ['xzf', tarball], { cwd: stage })
  await rm(tarball)
  const cwd = join(stage, 'package', 'deps', 'librdkafka')
  const jobs = `-j${availableParallelism()}`
  const options = { cwd, maxBuffer: 64 * 1024 * 1024 }
  await run('./configure', ['--disable-curl', '--disable-sasl', '--disable-optimization'], options)
  await run('make', [jobs, 'libs'], options)
  await run('make', [jobs, '-C', 'tests', 'build'], options)
}

/** The tests that the suite's table declares. */
export function testsIn(text: string): readonly SuiteTest[] {
  const table = /struct test tests\[\] = \{(.*?)\{NULL\}/s.exec(text)?.[1] ?? ''
  const entries = table.split(/^ {4}_TEST\(/m).slice(1)
  return entries.map((entry) => ({
    name: /^\w+/.exec(entry)?.[0] ?? '',
    isLocal: /TEST_F_(?:LOCAL|MANUAL)/.test(entry),
    scenario: entry.includes('"noautocreate"') ? 'noautocreate' : 'default',
  }))
}

/** The number of a test, by which the runner chooses; several may share one. */
export function numberOf(name: string): string {
  return name.slice(0, 4)
}

/** Where the client's library lies that the runner is linked with. */
export function librariesOf({ folder }: Suite): string {
  return ['src', 'src-cpp'].map((name) => join(dirname(folder), name)).join(':')
}
