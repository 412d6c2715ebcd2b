import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { test, type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { limits } from '@fermata/base/limits'
import { until } from '@fermata/testkit/until'
import { WebSocket } from 'ws'
import {
  newFolder,
  owner,
  ownerEnvironment,
  signIn,
  startProcess,
  type ProcessOptions,
} from './process.world.ts'

const start = (t: TestContext, options: Partial<ProcessOptions> = {}) =>
  startProcess(t, { data: newFolder(t), env: ownerEnvironment, ...options })

test('a newcomer is told the address and a link, with which the workspace is made once', async (t) => {
  const server = start(t, { env: {} })
  const url = await server.url
  const link = new URL(/set it up {3}(\S+)/.exec(server.said())![1]!)
  assert.equal(link.origin, url)
  assert.equal(link.pathname, '/setup')
  assert.match(server.said(), new RegExp(`${url}/try`))

  const body = {
    token: new URLSearchParams(link.hash.slice(1)).get('token'),
    workspace: 'Acme Bikes',
    name: 'Olivia',
    email: owner.email,
    password: owner.password,
  }
  const setUp = () =>
    fetch(`${url}/v1/setup`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  const first = await setUp()
  assert.equal(first.status, 200)
  assert.match(first.headers.get('set-cookie')!, /^fermata_session=/)
  assert.equal((await setUp()).status, 409)
  assert.match(await signIn(url), /^fermata_session=fms_/)
})

test('an owner from the environment can sign in, and no link is printed', async (t) => {
  const server = start(t)
  const cookie = await signIn(await server.url)
  assert.match(cookie, /^fermata_session=fms_/)
  assert.doesNotMatch(server.said(), /set it up/)
  assert.doesNotMatch(server.said() + server.logged(), new RegExp(owner.password))
})

test('an unknown flag, a taken folder and a taken port are each said in a line', async (t) => {
  const unknown = start(t, { args: ['--prot', '80'] })
  assert.deepEqual(await unknown.ended, { code: 2, signal: null })
  assert.match(unknown.logged(), /^Unknown flag --prot\..*\nAll there is to set: .*\n$/s)

  const data = newFolder(t)
  const first = start(t, { data })
  const url = await first.url
  const second = start(t, { data })
  assert.deepEqual(await second.ended, { code: 1, signal: null })
  assert.match(second.logged(), /^Fermata cannot start: another Fermata server uses .*\n$/)
  assert.equal((await fetch(`${url}/readyz`)).status, 200)

  const port = start(t, { args: ['--port', new URL(url).port] })
  assert.deepEqual(await port.ended, { code: 1, signal: null })
  assert.match(port.logged(), /^Fermata cannot start: .*EADDRINUSE.*\n$/)
})

test('told to stop, it finishes what it was asked, takes leave of readers, and is gone', async (t) => {
  const server = start(t)
  const url = await server.url
  const cookie = await signIn(url)
  const { hostname, port, host } = new URL(url)

  const socket = new WebSocket(`ws://${host}/v1/feed/socket`, { headers: { cookie, origin: url } })
  const closed = once(socket, 'close')
  await once(socket, 'message')
  const stream = await fetch(`${url}/v1/feed`, {
    headers: { cookie, accept: 'text/event-stream' },
  })

  // A request that has only half arrived when the server is told.
  const body = JSON.stringify({ name: 'Olivia the owner' })
  const slow = connect(Number(port), hostname)
  let answer = ''
  slow.on('data', (chunk) => (answer += chunk.toString()))
  slow.write(
    `PATCH /v1/me HTTP/1.1\r\nHost: ${host}\r\nOrigin: ${url}\r\nCookie: ${cookie}\r\n` +
      `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, 9)}`,
  )
  await fetch(`${url}/healthz`)

  server.child.kill('SIGTERM')
  const [code, reason] = (await closed) as [number, Buffer]
  assert.deepEqual([code, reason.toString()], [1001, 'stopping'])
  await stream.text()
  await assert.rejects(fetch(`${url}/healthz`))
  slow.write(body.slice(9))
  await once(slow, 'close')
  assert.match(answer, /^HTTP\/1\.1 200 OK/)
  assert.match(answer, /connection: close/i)
  assert.match(answer, /"name":"Olivia the owner"/)
  // After drainMsMax it would have ended with the signal's own code.
  assert.deepEqual(await server.ended, { code: 0, signal: null })
  assert.equal(server.logged(), '')
})

test('whoever never finishes is cut off, so that the end comes in time', async (t) => {
  const server = start(t)
  const { hostname, port, host } = new URL(await server.url)
  const stuck = connect(Number(port), hostname)
  stuck.on('error', () => undefined)
  stuck.write(`POST /v1/sessions HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 10\r\n`)
  stuck.write('Content-Type: application/json\r\n\r\n{')
  await fetch(`http://${host}/healthz`)
  server.child.kill('SIGTERM')
  // After drainMsMax it would have ended with the signal's own code.
  assert.deepEqual(await server.ended, { code: 0, signal: null })
})

test('a second signal ends it at once', async (t) => {
  const server = start(t)
  const { hostname, port, host } = new URL(await server.url)
  const stuck = connect(Number(port), hostname)
  stuck.on('error', () => undefined)
  stuck.write(`POST /v1/sessions HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 10\r\n\r\n{`)
  await fetch(`http://${host}/healthz`)
  const toldAt = performance.now()
  server.child.kill('SIGINT')
  const refused = async () => {
    for (;;) await fetch(`http://${host}/healthz`)
  }
  await assert.rejects(refused)
  server.child.kill('SIGINT')
  assert.deepEqual(await server.ended, { code: 130, signal: null })
  assert.ok(performance.now() - toldAt < limits.drainMsMax)
})

test('killed in the middle, it comes back with what it had said', async (t) => {
  const data = newFolder(t)
  const first = start(t, { data })
  const url = await first.url
  const cookie = await signIn(url)
  const renamed = await fetch(`${url}/v1/me`, {
    method: 'PATCH',
    headers: { cookie, origin: url, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Olivia Renamed' }),
  })
  assert.equal(renamed.status, 200)
  first.child.kill('SIGKILL')
  await first.ended

  const second = start(t, { data })
  const me = await fetch(`${await second.url}/v1/me`, { headers: { cookie } })
  const { member } = (await me.json()) as { member: { name: string } }
  assert.equal(member.name, 'Olivia Renamed')
})

test('a server on a leash ends when the process that started it is killed', async (t) => {
  const data = newFolder(t)
  const leash = new URL('../tools/leash.js', import.meta.url).href
  const main = fileURLToPath(new URL('./main.ts', import.meta.url))
  const args = JSON.stringify([
    '--import',
    leash,
    main,
    '--port',
    '0',
    '--kafka-port',
    'off',
    '--data',
    data,
  ])
  const parent = spawn(process.execPath, [
    '--input-type=module',
    '-e',
    `import { spawn } from 'node:child_process'
     const child = spawn(process.execPath, ${args}, { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] })
     console.log('pid ' + child.pid)
     child.stdout.pipe(process.stdout)`,
  ])
  t.after(() => parent.kill('SIGKILL'))
  let said = ''
  parent.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()))
  await until('it listens', () => said.includes('/docs'))
  const pid = Number(/pid (\d+)/.exec(said)![1])
  process.kill(pid, 0)
  parent.kill('SIGKILL')
  const isAlive = (): boolean => {
    try {
      process.kill(pid, 0)
      return true
    } catch {
      return false
    }
  }
  await until('the server is gone', () => !isAlive())
})
