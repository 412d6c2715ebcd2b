import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { createClient } from '@fermata/sdk/client'
import { programEnvironment } from '@fermata/testkit/environment'
import { owner, startServer } from '@fermata/testkit/server'

const main = fileURLToPath(new URL('./main.ts', import.meta.url))

interface Outcome {
  readonly code: number | null
  readonly lines: readonly string[]
  readonly errors: string
}

/** Runs the command as its users do. */
function run(
  args: readonly string[],
  env: Record<string, string> = {},
  input = '',
): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [main, ...args], { env: programEnvironment(env) })
    let out = ''
    let errors = ''
    child.stdout.on('data', (chunk: Buffer) => void (out += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => void (errors += chunk.toString()))
    child.on('close', (code) => {
      resolve({ code, errors, lines: out.split('\n').filter((line) => line !== '') })
    })
    child.stdin.end(input)
  })
}

test('topics are made, written to, read and verified by command', async (t) => {
  const server = await startServer()
  t.after(() => server.close())
  const { url, data } = server
  const signIn = await fetch(`${url}/v1/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(owner),
  })
  const cookie = signIn.headers.getSetCookie()[0]!.split(';', 1)[0]!
  const newToken = async (scopes: readonly string[]): Promise<string> => {
    const answer = await fetch(`${url}/v1/apps`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie, origin: url },
      body: JSON.stringify({ name: 'Command', scopes }),
    })
    return ((await answer.json()) as { token: string }).token
  }
  const token = await newToken(['topics:read', 'topics:write', 'topics:manage'])
  assert.ok((await createClient({ url, token }).topics.list()).ok)
  const env = { FERMATA_URL: url, FERMATA_TOKEN: token }

  const made = await run(
    ['topic', 'create', 'orders', '--partitions', '2', '--set', 'retention.ms=1000'],
    env,
  )
  assert.equal(made.code, 0, made.errors)
  assert.deepEqual(made.lines.slice(0, 3), [
    'orders',
    '  retention.ms = 1000',
    'PARTITION  START  END  BYTES',
  ])
  const again = await run(['topic', 'create', 'orders'], env)
  assert.equal(again.code, 1)
  assert.match(again.errors, /already_exists, name/)

  const sent = await run(['topic', 'publish', 'orders', 'one', '--partition', '1'], env)
  assert.deepEqual(sent.lines, ['1 0'])
  const many = Array.from({ length: 150 }, (_, at) => `line ${at}`)
  const piped = await run(
    ['topic', 'publish', 'orders', '--partition', '0', '--json'],
    env,
    many.join('\n'),
  )
  assert.equal(piped.lines.length, 150)
  assert.deepEqual(JSON.parse(piped.lines.at(-1)!), { partition: 0, offset: 149 })

  const read = await run(['topic', 'consume', 'orders', '--offset', '148'], env)
  assert.deepEqual(read.lines, ['148\t-\tline 148', '149\t-\tline 149'])
  const limited = await run(
    ['topic', 'consume', 'orders', '--offset', '0', '--limit', '120', '--json'],
    env,
  )
  assert.equal(limited.lines.length, 120, 'more than one page')
  const listed = await run(['topic', 'list'], env)
  assert.match(listed.lines[1]!, /^orders +2 +151 +\d+$/)

  const reader = await newToken(['topics:read'])
  const refused = await run(['topic', 'publish', 'orders', 'x', '--token', reader, '--url', url])
  assert.equal(refused.code, 1)
  assert.match(refused.errors, /scope_missing, topics:write/)

  const held = await run(['wire', 'verify', data])
  assert.equal(held.code, 1)
  assert.match(held.errors, /stop it first/)
  await server.kill('SIGTERM')
  const verified = await run(['wire', 'verify', data])
  assert.equal(verified.code, 0, verified.errors)
  assert.equal(verified.lines.at(-1), 'nothing is lost')
  const gone = await run(['topic', 'list'], env)
  assert.match(gone.errors, /cannot be reached/)
})

test('whoever says something wrong is told what there is', async () => {
  for (const words of [['topic'], ['topic', 'list', '--frobnicate'], ['topic', 'list']]) {
    const outcome = await run(words)
    assert.equal(outcome.code, 2)
    assert.match(outcome.errors, /^fermata: .*\n\nusage: fermata COMMAND/s)
  }
  assert.equal((await run(['--help'])).code, 0)
})
