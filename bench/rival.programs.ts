import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { kafkaHome } from '@fermata/testkit/environment'
import { need } from '@fermata/testkit/needs'
import { amqpConsumer, amqpWire } from './rival.amqp.ts'
import { natsConsumer } from './rival.nats.ts'
import { redisConsumer } from './rival.redis.ts'
import {
  connected,
  freePort,
  heard,
  type Rival,
  type RivalServer,
  type RivalWire,
} from './rival.ts'
import { startKafka } from './rival.kafka.ts'
import { ended, run } from './rival.process.ts'
import { valueBytes } from './kafka.flow.ts'

const value = Buffer.alloc(valueBytes, 'x')

/** Counts answers of so many lines each. */
function lineCounter(linesEach: number): (chunk: Buffer) => number {
  let lines = 0
  return (chunk) => {
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) lines += 1
    const count = Math.floor(lines / linesEach)
    lines -= count * linesEach
    return count
  }
}

async function startRedis(program: string): Promise<RivalServer> {
  const [folder, port] = [mkdtempSync(join(tmpdir(), 'fermata-redis-')), await freePort()]
  const words = ['--port', `${port}`, '--dir', folder, '--save', '', '--bind', '127.0.0.1']
  const child = run(program, [...words, '--appendonly', 'yes', '--appendfsync', 'always'])
  const head = Buffer.from(
    `*5\r\n$4\r\nXADD\r\n$1\r\ns\r\n$1\r\n*\r\n$1\r\nv\r\n$${valueBytes}\r\n`,
  )
  const record = Buffer.concat([head, value, Buffer.from('\r\n')])
  return {
    pid: child.pid!,
    async open(): Promise<RivalWire> {
      const socket = await connected(port)
      const count = lineCounter(2)
      return {
        ...{ socket, record },
        acknowledged(chunk) {
          if (chunk[0] === 45) throw new Error(chunk.toString())
          return count(chunk)
        },
      }
    },
    follow: async (hear) => redisConsumer(await connected(port), 's', hear),
    stop: () => ended(child, folder),
  }
}

async function startNats(program: string): Promise<RivalServer> {
  const [folder, port] = [mkdtempSync(join(tmpdir(), 'fermata-nats-')), await freePort()]
  const child = run(program, ['-js', '-sd', folder, '-a', '127.0.0.1', '-p', `${port}`])
  let inboxes = 0
  /** A connection that has made the stream, or found it made, and hears what comes to an inbox of its own. */
  const begin = async (): Promise<{ socket: Socket; inbox: string }> => {
    const socket = await connected(port)
    const inbox = `_INBOX.${(inboxes += 1)}`
    socket.write(`CONNECT {"verbose":false,"echo":true}\r\nSUB ${inbox} 1\r\n`)
    const config = JSON.stringify({ name: 's', subjects: ['s.x'], storage: 'file' })
    socket.write(`PUB $JS.API.STREAM.CREATE.s ${inbox} ${config.length}\r\n${config}\r\n`)
    await heard(socket, 'stream_create_response')
    return { socket, inbox }
  }
  const open = async (): Promise<RivalWire> => {
    const { socket, inbox } = await begin()
    const head = Buffer.from(`PUB s.x ${inbox} ${valueBytes}\r\n`)
    const record = Buffer.concat([head, value, Buffer.from('\r\n')])
    const count = lineCounter(2)
    return {
      ...{ socket, record },
      acknowledged(chunk) {
        if (chunk.includes('-ERR') || chunk.includes('"error"')) throw new Error(chunk.toString())
        const ping = chunk.indexOf('PING\r\n')
        if (ping < 0) return count(chunk)
        socket.write('PONG\r\n')
        return count(Buffer.concat([chunk.subarray(0, ping), chunk.subarray(ping + 6)]))
      },
    }
  }
  return {
    pid: child.pid!,
    open,
    async follow(hear) {
      const { socket, inbox } = await begin()
      return natsConsumer(socket, { stream: 's', inbox }, hear)
    },
    stop: () => ended(child, folder),
  }
}

/** The process of Erlang's machine that is at home in a folder. */
function beamOf(home: string): number | undefined {
  for (const pid of readdirSync('/proc')) {
    try {
      if (!/^\d+$/.test(pid) || readFileSync(`/proc/${pid}/comm`, 'utf8') !== 'beam.smp\n') continue
      if (readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(home)) return Number(pid)
    } catch {
      // It has gone meanwhile.
    }
  }
  return undefined
}

async function startRabbit(program: string, type: 'quorum' | 'stream'): Promise<RivalServer> {
  const folder = mkdtempSync(join(tmpdir(), 'fermata-rabbit-'))
  const [port, distribution, mapper] = [await freePort(), await freePort(), await freePort()]
  const node = `bench${port}@localhost`
  writeFileSync(join(folder, 'plugins'), '[].\n')
  const child = run(program, [], {
    HOME: folder,
    RABBITMQ_NODENAME: node,
    RABBITMQ_NODE_PORT: `${port}`,
    RABBITMQ_DIST_PORT: `${distribution}`,
    RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
    RABBITMQ_MNESIA_BASE: join(folder, 'data'),
    RABBITMQ_LOG_BASE: join(folder, 'log'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'plugins'),
    ERL_EPMD_PORT: `${mapper}`,
  })
  ;(await connected(port)).destroy()
  const pid = beamOf(folder)
  if (pid === undefined) throw new Error('RabbitMQ has not started')
  return {
    pid,
    open: async () => amqpWire(await connected(port), type, value),
    follow: async (hear) => amqpConsumer(await connected(port), type, hear),
    async stop() {
      await ended(child, folder)
      spawnSync('epmd', ['-port', `${mapper}`, '-kill'])
    },
  }
}

/** All rivals: those that Debian brings, and Apache Kafka where `KAFKA_HOME` says where it is. */
export const rivals: readonly Rival[] = [
  {
    name: 'RabbitMQ, quorum queue',
    find: () => need('rabbitmq'),
    flush: 'confirmed after fsync of its log, which all queues share',
    start: (program) => startRabbit(program, 'quorum'),
  },
  {
    name: 'RabbitMQ, stream',
    find: () => need('rabbitmq'),
    flush: 'confirmed when written, not flushed',
    start: (program) => startRabbit(program, 'stream'),
  },
  {
    name: 'Redis stream',
    find: () => need('redis'),
    flush: 'answered after fsync (appendfsync always)',
    start: startRedis,
  },
  {
    name: 'NATS JetStream',
    find: () => need('nats'),
    flush: 'acknowledged when written; flushed every two minutes',
    start: startNats,
  },
  {
    name: 'Apache Kafka, flush.messages=1',
    find: kafkaHome,
    flush: 'acknowledged (acks=all) after fsync',
    start: (home) => startKafka(home, true),
  },
  {
    name: 'Apache Kafka',
    find: kafkaHome,
    flush: 'acknowledged (acks=all) when written, not flushed',
    start: (home) => startKafka(home, false),
  },
]
