import assert from 'node:assert/strict'
import { copyFileSync } from 'node:fs'
import { connect } from 'node:tls'
import { test, type TestContext } from 'node:test'
import kafkajs, { type Kafka, type KafkaConfig as ClientConfig } from 'kafkajs'
import type { Scope } from '@fermata/contract/actors'
import { kcat, runKcat } from '@fermata/testkit/kcat'
import { until } from '@fermata/testkit/until'
import { addressOf, certify, closed, newProgram, openssl, type Program } from './kafka.world.ts'
import { newFolder } from './process.world.ts'
import { serveWorld, type World } from './serve.world.ts'

/** What the end is promised to take at most; ten times that is a fault and no slow machine. */
const promisedMs = 1_000

const skip = kcat.skip || openssl.skip

/** What kcat is told to prove who it is. */
function proof(mechanism: string, { app, token }: Program, protocol = 'SASL_PLAINTEXT'): string[] {
  const settings = {
    'security.protocol': protocol,
    'sasl.mechanism': mechanism,
    'sasl.username': app.id,
    'sasl.password': token,
  }
  return Object.entries(settings).flatMap(([name, value]) => ['-X', `${name}=${value}`])
}

function clientOf(address: string, options: Partial<ClientConfig> = {}): Kafka {
  const logLevel = kafkajs.logLevel.NOTHING
  return new kafkajs.Kafka({ brokers: [address], logLevel, retry: { retries: 0 }, ...options })
}

function saslOf(mechanism: string, { app, token }: Program): Partial<ClientConfig> {
  const name = mechanism.toLowerCase() as 'plain'
  return { sasl: { mechanism: name, username: app.id, password: token } }
}

/** An app of another workspace of the same server. */
async function elsewhere(world: World): Promise<Program> {
  const { server, url } = world
  const at = { email: 'otto@example.org', password: 'a horse of another colour' }
  await server.rooms.accounts.addWorkspace({ workspace: 'Elsewhere', name: 'Otto', ...at })
  const signedIn = await fetch(`${url}/v1/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(at),
  })
  const cookie = signedIn.headers.getSetCookie()[0]!.split(';', 1)[0]!
  const added = await fetch(`${url}/v1/apps`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie, origin: url },
    body: JSON.stringify({ name: 'Foreign', scopes: all }),
  })
  assert.equal(added.status, 200)
  return (await added.json()) as Program
}

const mechanisms = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512']
const all: Scope[] = ['topics:read', 'topics:write', 'topics:manage']
const read = ['-C', '-t', 'orders', '-o', 'beginning', '-e', '-q']
const brief = ['-m', '3']

test(
  'who must say who they are is let in with the right token by each mechanism, and by no other',
  { skip },
  async (t) => {
    const world = await serveWorld(t, { kafka: closed })
    const address = addressOf(world)
    const program = await newProgram(world, all)
    const wrong = { ...program, token: `fma_${'x'.repeat(43)}` }
    const other = await newProgram(world, all)
    const foreign = await elsewhere(world)
    for (const mechanism of mechanisms) {
      const topic = ['-P', '-t', 'orders']
      const sent = await runKcat(
        address,
        [...topic, ...proof(mechanism, program)],
        `${mechanism}\n`,
      )
      assert.equal(sent.code, 0, sent.errors)
      for (const stranger of [wrong, foreign, { ...program, token: other.token }]) {
        const admin = clientOf(address, saslOf(mechanism, stranger)).admin()
        await assert.rejects(admin.connect(), /do not belong together/)
        await admin.disconnect()
      }
    }
    const seen = await runKcat(address, [...read, ...proof('SCRAM-SHA-256', program)])
    assert.deepEqual(seen.lines, mechanisms)
    const anonymous = clientOf(address).admin()
    await anonymous.connect()
    await assert.rejects(anonymous.listTopics())
    await anonymous.disconnect()
  },
)

test(
  'the tokens of an app go on beside each other while one takes the place of the other',
  { skip },
  async (t) => {
    const world = await serveWorld(t, { kafka: closed })
    const address = addressOf(world)
    const old = await newProgram(world, all)
    const path = `/v1/apps/${old.app.id}/tokens`
    const next = await world.ask<Program>('POST', path, { overlapMs: 60_000 })
    for (const program of [old, next]) {
      const shown = await runKcat(address, ['-L', ...proof('SCRAM-SHA-512', program)])
      assert.equal(shown.code, 0, shown.errors)
    }
  },
)

test(
  'a token that is revoked, or an app that is removed, ends what goes on within a second',
  { skip },
  async (t) => {
    const world = await serveWorld(t, { kafka: closed })
    const address = addressOf(world)
    for (const end of ['token', 'app'] as const) {
      const program = await newProgram(world, all)
      const { id, tokens } = program.app
      const admin = clientOf(address, saslOf('SCRAM-SHA-256', program)).admin()
      await admin.connect()
      t.after(() => admin.disconnect())
      assert.equal(await connections(world), 1)
      const from = performance.now()
      await world.ask(
        'DELETE',
        `/v1/apps/${id}${end === 'token' ? `/tokens/${tokens[0]!.id}` : ''}`,
      )
      await until('its connection is gone', () => connections(world).then((n) => n === 0))
      assert.ok(performance.now() - from < 10 * promisedMs)
    }
  },
)

async function connections({ url }: World): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text()
  return Number(/^fermata_kafka_connections (\d+)/m.exec(text)?.[1])
}

test(
  'with a certificate all of it is encrypted, and a new one is shown as soon as it is there',
  { skip },
  async (t: TestContext) => {
    const folder = newFolder(t)
    const tls = certify(folder, 'first')
    const world = await serveWorld(t, { kafka: { ...closed, tls } })
    const address = addressOf(world)
    const program = await newProgram(world, all)
    const trust = ['-X', `ssl.ca.location=${tls.certFile}`]
    const sent = await runKcat(
      address,
      ['-P', '-t', 'orders', ...trust, ...proof('PLAIN', program, 'SASL_SSL')],
      'one\n',
    )
    assert.equal(sent.code, 0, sent.errors)
    const bare = await runKcat(address, ['-L', ...brief, ...proof('SCRAM-SHA-256', program)])
    assert.notEqual(bare.code, 0, 'whoever speaks no TLS gets nowhere')

    const names = (): Promise<string> =>
      new Promise((resolve, reject) => {
        const port = Number(address.split(':')[1])
        const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false }, () => {
          resolve(String(socket.getPeerCertificate().subject.CN))
          socket.destroy()
        })
        socket.on('error', reject)
      })
    assert.equal(await names(), 'first')
    const next = certify(folder, 'second')
    copyFileSync(next.certFile, tls.certFile)
    copyFileSync(next.keyFile, tls.keyFile)
    await until('the new one is shown', async () => (await names()) === 'second')
  },
)
