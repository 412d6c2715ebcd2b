import assert from 'node:assert/strict'
import { systemClock } from '@fermata/base/clock'
import { uuidv7Generator } from '@fermata/base/ids'
import type { Broker } from '../../../broker/broker.ts'
import { openBroker } from '../../../broker/open.ts'
import { batchesIn } from '../../../log/contract.world.ts'
import { withLog } from '../../../log/proof/opened.world.ts'
import { group, groupOf, partitionsOf } from './clients.world.ts'
import { notePlace, type Facts } from './facts.ts'

const workspace = 'one'

/** What lies in a partition, as somebody reads it who does or does not see open transactions. */
interface Read {
  /** By offset. */
  readonly texts: ReadonlyMap<number, string>
  /** Up to here every transaction has ended; what is behind is shown to nobody who waits for that. */
  readonly stable: number
}

async function readAll(
  broker: Broker,
  topic: string,
  index: number,
  committed: boolean,
): Promise<Read> {
  const texts = new Map<number, string>()
  for (let offset = 0; ;) {
    const partitions = [{ topic, index, offset, bytesMax: 1e6, leaderEpoch: -1 }]
    const order = { workspace, waitMs: 0, bytesMin: 1, bytesMax: 1e6, committed, partitions }
    const [answer] = await broker.fetch(order)
    assert.ok(answer?.ok, `${topic}/${index} can be read`)
    const aborted = [...answer.aborted].toSorted((a, b) => a.firstOffset - b.firstOffset)
    const skipped = new Set<number>()
    const batches = batchesIn(answer.bytes)
    for (const { header, texts: found } of batches) {
      while (aborted[0] && aborted[0].firstOffset <= header.baseOffset) {
        skipped.add(aborted.shift()!.producerId)
      }
      offset = header.baseOffset + header.lastOffsetDelta + 1
      if (header.control) skipped.delete(header.producerId)
      else if (!header.transactional || !skipped.has(header.producerId)) {
        for (const [at, text] of found.entries()) texts.set(header.baseOffset + at, text)
      }
    }
    if (batches.length === 0) return { texts, stable: answer.stable }
  }
}

/**
 * Holds what is in a folder, as a broker finds it there, against what clients were told. Throws at the first difference.
 * `isAtRest`: everybody has ended what they had begun, so that nothing may hide anything any more.
 */
export async function auditBroker(folder: string, facts: Facts, isAtRest = false): Promise<void> {
  await withLog(folder, async (log) => {
    const clock = systemClock()
    const newUuid = uuidv7Generator(clock, (bytes) => crypto.getRandomValues(bytes))
    const broker = await openBroker({ log, clock, newUuid })
    try {
      await auditPlain(broker, facts)
      await auditTransactions(broker, facts, isAtRest)
      await auditGroup(broker, facts)
    } finally {
      broker.close()
    }
  })
}

async function auditPlain(broker: Broker, facts: Facts): Promise<void> {
  const seen = new Map<string, string>()
  for (let index = 0; index < partitionsOf.plain; index++) {
    for (const [offset, text] of (await readAll(broker, 'plain', index, false)).texts) {
      const place = `plain/${index}/${offset}`
      assert.equal(seen.get(text), undefined, `${text} is there twice`)
      assert.ok(facts.sent.has(text), `nobody has sent ${text}`)
      seen.set(text, place)
      notePlace(facts, place, text)
    }
  }
  for (const [text, place] of facts.sent) {
    if (place !== undefined) assert.equal(seen.get(text), place, `${text}, which was acknowledged`)
  }
}

/** What is seen of all transactions, and what is not because somebody else's is still open before it. */
async function readLedger(broker: Broker, facts: Facts) {
  const [visible, blocked] = [new Set<string>(), new Set<string>()]
  for (let index = 0; index < partitionsOf.ledger; index++) {
    const shown = await readAll(broker, 'ledger', index, true)
    for (const [offset, text] of shown.texts) {
      assert.ok(!visible.has(text), `${text} is there twice`)
      visible.add(text)
      notePlace(facts, `ledger/${index}/${offset}`, text)
    }
    const all = await readAll(broker, 'ledger', index, false)
    for (const [offset, text] of all.texts) if (offset >= shown.stable) blocked.add(text)
  }
  return { visible, blocked }
}

async function auditTransactions(broker: Broker, facts: Facts, isAtRest: boolean): Promise<void> {
  const { visible, blocked } = await readLedger(broker, facts)
  if (isAtRest) assert.equal(blocked.size, 0, 'a transaction is open that nobody knows of')
  for (const [transactionalId, transactions] of facts.transactions) {
    let offsets = [-1]
    for (const { count, texts, outcome } of transactions) {
      const seen = texts.filter((text) => visible.has(text)).length
      const hidden = texts.filter((text) => !visible.has(text) && !blocked.has(text)).length
      const title = `transaction ${count} of ${transactionalId}, ${outcome}: ${seen} seen, ${hidden} hidden`
      assert.ok(seen === 0 || hidden === 0, title)
      if (outcome === 'committed') assert.equal(hidden, 0, title)
      if (outcome === 'open' || outcome === 'aborted') assert.equal(seen, 0, title)
      if (outcome === 'committed' || seen > 0) offsets = [count]
      else if (outcome === 'ending' && hidden === 0) offsets.push(count)
    }
    const partitions = [{ topic: 'ledger', index: 0 }]
    const asked = { workspace, group: groupOf(transactionalId), partitions }
    const [found] = await broker.committedOffsets(asked)
    const title = `${transactionalId} has committed ${found?.offset}, and not ${offsets.join(' or ')}`
    assert.ok(offsets.includes(found?.offset ?? -1), title)
  }
}

async function auditGroup(broker: Broker, facts: Facts): Promise<void> {
  const found = await broker.committedOffsets({ workspace, group })
  const offsets = new Map(found.map(({ index, offset }) => [index, offset]))
  for (const [partition, offset] of facts.committed) {
    const now = offsets.get(partition) ?? -1
    assert.ok(now >= offset, `the group was at ${offset} of plain/${partition}, and is at ${now}`)
  }
}
