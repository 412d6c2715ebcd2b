import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '@fermata/testkit/until'
import { drive, type Kind, type Login } from '@fermata/wire/faces/kafka/clients/driven.world'
import {
  confluentHere,
  confluentKind,
  nodeKinds,
} from '@fermata/wire/faces/kafka/clients/kinds.world'
import { addressOf, certify, closed, newProgram, openssl } from './kafka.world.ts'
import { newFolder } from './process.world.ts'
import { serveWorld } from './serve.world.ts'

const mechanisms = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] as const

/** Declares that a client writes and reads over TLS by each mechanism, and does not with another's token. */
function declare(kind: Kind, skip: string | false): void {
  void test(
    `${kind.name} says who it is by every mechanism over TLS, and is not let in with another’s token`,
    { skip },
    async (t) => {
      const tls = certify(newFolder(t), 'fermata')
      const world = await serveWorld(t, { kafka: { ...closed, tls } })
      const program = await newProgram(world, ['topics:read', 'topics:write', 'topics:manage'])
      const other = await newProgram(world, ['topics:read', 'topics:write'])
      const start = (mechanism: Login['mechanism'], password = program.token) => {
        const login = { mechanism, user: program.app.id, password, caFile: tls.certFile }
        const client = drive(kind, addressOf(world), login)
        t.after(() => client.kill())
        return client
      }
      for (const mechanism of mechanisms) {
        const topic = `orders-${mechanism}`
        const client = start(mechanism)
        await client.create(topic, 1)
        await client.send({ topic, values: ['0', '1'], idempotent: true })
        // A group of its own: nobody waits until one that was killed is given up.
        await client.read(topic, topic)
        await until('all is read', () => client.seen.length >= 2)
        assert.deepEqual(client.seen, ['0', '1'])
        client.kill()
      }
      const stranger = start('SCRAM-SHA-256', other.token)
      await assert.rejects(stranger.topics(), /do not belong|authenticat|transport|connection/i)
    },
  )
}

for (const kind of nodeKinds) declare(kind, openssl.skip)
declare(confluentKind, confluentHere.skip || openssl.skip)
