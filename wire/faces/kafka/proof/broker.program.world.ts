// A small program for the proofs: a broker with its log on the real disk, and Kafka's clients let in.
//
//     node broker.program.world.ts FOLDER PORT
//
// It says `ready PORT` on standard output once clients may come.

import { systemClock } from '@fermata/base/clock'
import { openNodeDisk } from '../../../log/disk.node.ts'
import { openFileLog } from '../../../log/store.file.ts'
import { smallSizes } from '../../../log/store.file.world.ts'
import { uuidv7Generator } from '@fermata/base/ids'
import { openBroker } from '../../../broker/open.ts'
import { listenKafka } from '../server.ts'

const [folder = '', port = '0'] = process.argv.slice(2)
const clock = systemClock()
const disk = await openNodeDisk(folder)
const log = await openFileLog({
  disk,
  clock,
  sizes: smallSizes,
  randomU32: () => crypto.getRandomValues(new Uint32Array(1))[0] ?? 0,
  onEnd(reason) {
    throw new Error(reason)
  },
})
const newUuid = uuidv7Generator(clock, (bytes) => crypto.getRandomValues(bytes))
const broker = await openBroker({ log, clock, newUuid })
const listener = await listenKafka({
  random: (bytes) => crypto.getRandomValues(bytes),
  broker,
  clock,
  workspace: 'one',
  host: '127.0.0.1',
  port: Number(port),
  onFault(error, what) {
    throw new Error(what, { cause: error })
  },
})
process.stdout.write(`ready ${listener.port}\n`)
