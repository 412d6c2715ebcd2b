import assert from 'node:assert/strict'
import { execFile, execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { programEnvironment } from '@fermata/testkit/environment'
import { otherNode } from '@fermata/testkit/other-node'
import { startWorld, value } from '@fermata/testkit/world'

const run = promisify(execFile)
const root = fileURLToPath(new URL('..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'fermata-consumer-'))
const installed = join(folder, 'node_modules', '@fermata', 'sdk')

before(async () => {
  const dist = join(folder, 'dist')
  await run(process.execPath, [join(root, 'tools', 'pack.ts'), dist], { cwd: root })
  const [tarball = ''] = readdirSync(dist)
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }')
  const args = ['install', '--offline', '--no-audit', '--no-fund', join(dist, tarball)]
  await run('npm', args, { cwd: folder, env: programEnvironment() })
})
after(() => rmSync(folder, { recursive: true, force: true }))

test('the package holds modules and types, and depends on nothing', () => {
  const manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as object
  assert.equal('dependencies' in manifest, false)
  const files = readdirSync(installed, { recursive: true, encoding: 'utf8' })
  assert.ok(files.includes('README.md') && files.includes('LICENSE'))
  assert.deepEqual(
    files.filter((file) => /\.schema\.js$|(?<!\.d)\.ts$/.test(file)),
    [],
  )
  for (const file of files.filter((one) => /\.(?:js|d\.ts)$/.test(one))) {
    const text = readFileSync(join(installed, file), 'utf8')
    const outside = [...text.matchAll(/(?:from |import\()['"]([^.'"][^'"]*)['"]/g)]
    // The examples in comments name the package itself.
    const foreign = outside.map(([, to]) => to).filter((to) => !to?.startsWith('@fermata/sdk'))
    assert.deepEqual(foreign, [], file)
  }
})

/** Compiles a file against the installed package. Answers what the compiler says. */
async function compile(name: string, text: string, settings: object): Promise<string> {
  const project = join(folder, name)
  mkdirSync(project, { recursive: true })
  writeFileSync(join(project, 'main.ts'), text)
  const compilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: false,
    target: 'es2022',
    module: 'nodenext',
    ...settings,
  }
  writeFileSync(
    join(project, 'tsconfig.json'),
    JSON.stringify({ compilerOptions, files: ['main.ts'] }),
  )
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  return run(process.execPath, [tsc, '-p', project], { cwd: project }).then(
    ({ stdout }) => stdout,
    (error: unknown) => (error as { stdout: string }).stdout,
  )
}

/** The examples of the README, and what they take for granted. */
function examples(): string {
  const blocks = readFileSync(join(installed, 'README.md'), 'utf8').matchAll(/```ts\n([^]*?)```/g)
  const code = [...blocks].map(([, block]) => block).join('\n')
  return `
declare const process: { env: Record<string, string | undefined> }
declare const console: { error(...words: unknown[]): void }
import type { AnyEvent, ConversationRow, OutboxStorage } from '@fermata/sdk'
import { createOutbox } from '@fermata/sdk/outbox'
import { createStore, type Model } from '@fermata/sdk/store'
declare const inbox: 'ibx_1', contact: 'ctc_1', conversation: 'cnv_1', storage: OutboxStorage
declare function lastPosition(): Promise<number>
declare function keepPosition(position: number): Promise<void>
declare function handle(event: AnyEvent): void
declare function useSyncExternalStore(subscribe: Function, getState: () => Model): Model
${code}
export const row: ConversationRow | undefined = model.state.rows[conversation]
`
}

const browsers = { lib: ['es2022', 'dom'], types: [] }
const programs = {
  lib: ['es2022'],
  types: ['node'],
  typeRoots: [join(root, 'node_modules', '@types')],
}

test('its types hold by themselves, in browsers and in programs', async () => {
  assert.equal(await compile('browser', examples(), browsers), '')
  assert.equal(await compile('program', examples(), programs), '')
})

test('its types know what a route takes and answers', async () => {
  const said = await compile(
    'wrong',
    `import { createClient } from '@fermata/sdk'
const client = createClient({ url: 'http://localhost' })
await client.messages.post({ params: { conversation: 'cnv_1' }, body: { text: 'no client id' } })
await client.messages.post({ params: { conversation: 'msg_1' }, body: { client: '', text: '' } })
const answer = await client.me.get()
export const a: number = answer.ok ? answer.value.workspace.name : 1
export const b: string = answer.ok ? answer.value.workspace.name : answer.refusal.code
await client.teams.add()
`,
    browsers,
  )
  const lines = [...said.matchAll(/main\.ts\((\d+),/g)].map(([, line]) => Number(line))
  assert.deepEqual(lines, [3, 4, 6, 8])
})

test('the types that were written out are those that the schemas give', async () => {
  const contract = join(root, 'contract')
  const text = `import type * as A from '${installed}/contract/routes.schema.d.ts'
import type * as B from '${contract}/routes.schema.ts'
import type * as C from '${installed}/contract/events.schema.d.ts'
import type * as D from '${contract}/events.schema.ts'
import type { RouteName } from '${contract}/routes.ts'
type Same<X, Y> = 0 extends 1 & X ? false : [X] extends [Y] ? ([Y] extends [X] ? true : false) : false
type Wrong = {
  [N in RouteName]: [Same<A.Call<N>, B.Call<N>>, Same<A.Answer<N>, B.Answer<N>>] extends [true, true] ? never : N
}[RouteName]
export const wrong: Wrong[] = [] satisfies never[]
const none: [Wrong] extends [never] ? true : false = true
const events: Same<C.AnyEvent, D.AnyEvent> = true
const frames: Same<C.Frame, D.Frame> = true
export { none, events, frames }
`
  const settings = {
    ...programs,
    lib: ['esnext', 'dom', 'dom.iterable'],
    exactOptionalPropertyTypes: true,
    allowImportingTsExtensions: true,
    skipLibCheck: true,
  }
  assert.equal(await compile('same', text, settings), '')
})

/** A program of a user: opens a conversation, follows it, and goes on after it was cut off. */
const program = `import { createClient, createOutbox, memoryStorage } from '@fermata/sdk'
const [url, token, inbox, contact] = process.argv.slice(2)
const client = createClient({ url, token })
const outbox = createOutbox({ client, storage: memoryStorage() })
const me = await client.me.get()
if (!me.ok) throw new Error(me.refusal.message)

const heard = []
const listeners = new Set()
const heardOf = (text) => new Promise((resolve) => {
  const look = () => heard.some((one) => one.text === text) && resolve()
  listeners.add(look)
  look()
})
const following = client.follow({
  since: me.value.position,
  onEvents(events) {
    for (const { type, position, now } of events) {
      if (type === 'message.posted') heard.push({ position, text: now.message.text })
    }
    for (const look of listeners) look()
  },
  onReset() { throw new Error('nothing was to be reset') },
  onState: (state) => console.log(state),
})

const message = { text: 'first' }
const opening = outbox.open({ inbox, contact, message })
if (!opening.ok) throw new Error(opening.refusal.message)
for (const text of ['second', 'third']) outbox.post(opening.value.id, { text })
await heardOf('third')
console.log('cut me off')
await new Promise((resolve) => process.stdin.once('data', resolve))
for (const text of ['fourth', 'fifth']) outbox.post(opening.value.id, { text })
await heardOf('fifth')
console.log('heard ' + JSON.stringify(heard))
following.stop()
outbox.stop()
process.stdin.destroy()
`

/** Runs the program on a Node.js against a server that is killed in the middle. */
async function use(node: string): Promise<string> {
  const world = await startWorld()
  try {
    const { bot, website } = world
    const contact = value(await bot.client.contacts.add({ body: { name: 'Carla' } }))
    const path = join(folder, 'program.js')
    writeFileSync(path, program)
    const running = run(node, [path, world.url, bot.token, website.id, contact.id], {
      cwd: folder,
      env: programEnvironment(),
      timeout: 60_000,
    })
    const { child } = running
    await new Promise<void>((resolve, reject) => {
      let said = ''
      child.stdout?.on('data', (chunk: string) => {
        said += chunk
        if (said.includes('cut me off')) resolve()
      })
      running.catch(reject)
    })
    await world.server.kill('SIGKILL')
    child.stdin?.write('go on\\n')
    await world.server.restart()
    const { stdout } = await running
    const heard = JSON.parse(/^heard (.*)$/m.exec(stdout)?.[1] ?? '[]') as {
      position: number
      text: string
    }[]
    const texts = heard.map(({ text }) => text)
    assert.deepEqual(texts, ['first', 'second', 'third', 'fourth', 'fifth'])
    const positions = heard.map(({ position }) => position)
    assert.deepEqual(
      positions,
      [...new Set(positions)].toSorted((a, b) => a - b),
    )
    return stdout
  } finally {
    await world.server.close()
  }
}

test('a program uses it on this Node.js, is cut off, and goes on', async () => {
  assert.match(await use(process.execPath), /live[^]*waiting[^]*connecting[^]*heard/)
})

const other = otherNode()
const version =
  other === null ? '' : execFileSync(other, ['--version'], { encoding: 'utf8' }).trim()
test(
  `a program uses it on the system's Node.js ${version}, is cut off, and goes on`,
  {
    skip: other === null ? 'the system has no other Node.js' : false,
  },
  async () => {
    assert.match(await use(other ?? ''), /live[^]*waiting[^]*connecting[^]*heard/)
  },
)
