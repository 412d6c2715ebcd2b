import { spawnSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeBatch } from '@fermata/wire/log/records'
import { programEnvironment } from '@fermata/testkit/environment'
import { follow } from './kafka.flow.ts'
import { KafkaWire, makeTopic, producedAt, produceFrame } from './kafka.wire.ts'
import { connected, freePort, type RivalServer, type RivalWire } from './rival.ts'
import { ended, run } from './rival.process.ts'

const topic = 's'

/** How a single broker is set up that is its own controller (KRaft); all else is as it comes. */
function settings(at: { folder: string; port: number; controller: number }, flushed: boolean) {
  const { folder, port, controller } = at
  return [
    'process.roles=broker,controller',
    'node.id=1',
    `controller.quorum.voters=1@127.0.0.1:${controller}`,
    `listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controller}`,
    'controller.listener.names=CONTROLLER',
    `log.dirs=${join(folder, 'data')}`,
    'offsets.topic.replication.factor=1',
    'transaction.state.log.replication.factor=1',
    'transaction.state.log.min.isr=1',
    ...(flushed ? ['log.flush.interval.messages=1'] : []),
  ].join('\n')
}

/** Starts Apache Kafka from the folder that `KAFKA_HOME` names; flushed means `flush.messages=1`. */
export async function startKafka(home: string, flushed: boolean): Promise<RivalServer> {
  const folder = mkdtempSync(join(tmpdir(), 'fermata-kafka-'))
  const [port, controller] = [await freePort(), await freePort()]
  const file = join(folder, 'server.properties')
  writeFileSync(file, settings({ folder, port, controller }, flushed))
  const classes = ['-Xmx1g', '-cp', join(home, 'libs', '*')]
  const format = ['kafka.tools.StorageTool', 'format', '-t', 'MkU3OEVBNTcwNTJENDM2Qg', '-c', file]
  const made = spawnSync('java', [...classes, ...format], { env: programEnvironment() })
  if (made.status !== 0) throw new Error(`Kafka made no folder: ${made.stderr.toString()}`)
  const child = run('java', [...classes, 'kafka.Kafka', file])
  ;(await connected(port)).destroy()
  const first = await KafkaWire.open(port)
  await makeTopic(first, topic, 1)
  // Its leader is elected a moment after the topic is there.
  const records = [{ key: null, value: Buffer.alloc(1024, 'x'), timestamp: 0, headers: [] }]
  const record = produceFrame(topic, 0, encodeBatch({ baseOffset: 0, leaderEpoch: -1, records }))
  for (let tries = 0; ; tries++) {
    try {
      producedAt(await first.ask(record), topic)
      break
    } catch (error) {
      if (tries === 100) throw error
      await new Promise((go) => setTimeout(go, 100))
    }
  }
  first.close()
  return {
    pid: child.pid!,
    async open(): Promise<RivalWire> {
      const socket = connect(port, '127.0.0.1').setNoDelay(true)
      await new Promise((resolve) => socket.once('connect', resolve))
      return { socket, record, acknowledged: answerCounter(topic) }
    },
    async follow(hear) {
      const wire = await KafkaWire.open(port)
      let isOver = false
      const order = { topic, partition: 0, goesOn: () => !isOver }
      const following = follow(wire, order, (_, records) => hear(records))
      // What was asked last is not answered any more.
      following.catch((error: unknown) => {
        if (!isOver) throw error
      })
      return {
        close() {
          isOver = true
          wire.close()
        },
      }
    },
    stop: () => ended(child, folder),
  }
}

/** Counts answers to Produce, each with its length before it. Throws where a batch was not taken. */
function answerCounter(name: string): (chunk: Buffer) => number {
  let held: Buffer = Buffer.alloc(0)
  return (chunk) => {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk])
    let count = 0
    while (held.length >= 4 && held.length >= 4 + held.readInt32BE(0)) {
      const end = 4 + held.readInt32BE(0)
      producedAt(held.subarray(4, end), name)
      held = held.subarray(end)
      count += 1
    }
    return count
  }
}
