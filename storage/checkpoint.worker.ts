import { DatabaseSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'
import { present } from '@fermata/base/assert'
import type {
  CheckpointAnswer,
  CheckpointRequest,
  CheckpointWorkerData,
} from './checkpoint.thread.ts'

const { path } = workerData as CheckpointWorkerData
const port = present(parentPort, 'the port to the thread that checkpoints are asked from')
const db = new DatabaseSync(path)
db.exec('pragma synchronous = normal')
db.exec('pragma wal_autocheckpoint = 0')

function checkpoint({ mode, waitMs }: CheckpointRequest): CheckpointAnswer {
  try {
    db.exec(`pragma busy_timeout = ${waitMs}`)
    const row = present(db.prepare(`pragma wal_checkpoint(${mode})`).get(), 'the answer')
    return { done: row['busy'] === 0 }
  } catch (error) {
    const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) : undefined
    return { done: false, error: { message: String(error), code } }
  }
}

port.on('message', (request: CheckpointRequest | 'close') => {
  if (request !== 'close') return port.postMessage(checkpoint(request))
  db.close()
  port.close()
})
port.postMessage('ready')
