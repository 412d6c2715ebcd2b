// A broker with a log on disk and a listener for Kafka's clients, as a process of its own:
//
//     node broker.world.ts FOLDER PARTITIONS CREATES
//
// It says its port on standard output as soon as it listens, and ends with its standard input. PARTITIONS is how
// many a topic gets that is made on demand, CREATES (`yes`, `no`) whether topics are made so.

import { systemClock } from '@fermata/base/clock'
import { uuidv7Generator } from '@fermata/base/ids'
import { openBroker } from '../../../broker/open.ts'
import { openNodeDisk } from '../../../log/disk.node.ts'
import { openFileLog } from '../../../log/store.file.ts'
import { listenKafka } from '../server.ts'

const [folder = '', partitions = '1', creates = 'yes'] = process.argv.slice(2)
const clock = systemClock()
const random = (bytes: Uint8Array<ArrayBuffer>) => crypto.getRandomValues(bytes)
const log = await openFileLog({
  disk: await openNodeDisk(folder),
  clock,
  randomU32: () => crypto.getRandomValues(new Uint32Array(1))[0] ?? 0,
})
const broker = await openBroker({
  log,
  clock,
  newUuid: uuidv7Generator(clock, random),
  partitionsDefault: Number(partitions),
  createsOnDemand: creates === 'yes',
  // The suite takes its cluster for one of three brokers.
  replicasMax: 3,
})
const listener = await listenKafka({
  random,
  broker,
  clock,
  workspace: 'one',
  host: '127.0.0.1',
  port: 0,
  onEnd: (peer, reason) => process.stderr.write(`${peer}: ${reason}\n`),
  onFault(error, what) {
    process.stderr.write(`${what}: ${error instanceof Error ? error.stack : String(error)}\n`)
    process.exitCode = 1
  },
})
process.stdout.write(`${listener.port}\n`)
process.stdin.resume()
process.stdin.once('end', () => process.exit())
