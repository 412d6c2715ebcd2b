import { batchesIn } from '../../log/contract.world.ts'
import { Violation } from '../../log/simulate/truth.ts'
import type { Broker } from '../broker.ts'
import { partitions, topic, workspace, type Shown, type ShownPartition } from './stage.ts'

/** Reads all that there is, as clients do. */
export async function readShown(broker: Broker): Promise<Shown> {
  const all: ShownPartition[] = []
  for (let index = 0; index < partitions; index++) {
    const taken = await readAll(broker, index, false)
    const committed = await readAll(broker, index, true)
    all.push({
      texts: taken.texts,
      committed: new Set(committed.texts.keys()),
      stable: committed.stable,
    })
  }
  return all
}

async function readAll(
  broker: Broker,
  index: number,
  committed: boolean,
): Promise<{ texts: Map<string, number>; stable: number }> {
  const texts = new Map<string, number>()
  for (let offset = 0; ;) {
    const asked = [{ topic, index, offset, bytesMax: 2_000, leaderEpoch: -1 }]
    const order = { workspace, waitMs: 0, bytesMin: 1, bytesMax: 2_000, committed }
    const [answer] = await broker.fetch({ ...order, partitions: asked })
    if (!answer?.ok) throw new Violation(`${index} cannot be read: ${JSON.stringify(answer)}`)
    const aborted = [...answer.aborted].toSorted((a, b) => a.firstOffset - b.firstOffset)
    const skipped = new Set<number>()
    const batches = batchesIn(answer.bytes)
    for (const { header, texts: found } of batches) {
      while (aborted[0] && aborted[0].firstOffset <= header.baseOffset) {
        skipped.add(aborted.shift()!.producerId)
      }
      offset = header.baseOffset + header.lastOffsetDelta + 1
      if (header.control) skipped.delete(header.producerId)
      else if (!skipped.has(header.producerId)) {
        for (const [at, text] of found.entries()) {
          if (texts.has(text)) throw new Violation(`${text} is in ${index} twice`)
          texts.set(text, header.baseOffset + at)
        }
      }
    }
    if (batches.length === 0) return { texts, stable: answer.stable }
  }
}
