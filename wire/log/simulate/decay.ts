import type { SeededRandom } from '@fermata/testkit/random'
import type { PartitionId } from '../store.ts'
import { Alone, type Shown } from './alone.ts'
import { damageOf, isUnnoticed, type Damage } from './damage.ts'
import { copyImage, type DiskImage } from './disk.ts'
import { mustBeKept, mustBeSame } from './decay.rules.ts'
import type { OpenLog } from './open.ts'
import type { Oracle } from './oracle.ts'
import { drawRot, spoil } from './rot.ts'
import { Violation, type Sent } from './truth.ts'

/** A disk at some time between two lives of a log. */
export interface Sleeping {
  readonly image: DiskImage
  readonly oracle: Oracle
  readonly open: OpenLog
  readonly nowMs: number
  say(text: string): void
}

/** What a log says of itself when it is opened. */
export interface Told {
  readonly shown: ReadonlyMap<PartitionId, Shown>
  /** What it says to the last batch of each producer in each partition, handed in once more. */
  readonly answers: ReadonlyMap<Sent, string>
  /** What was appended last: partition, offset and fact. */
  readonly added: readonly (readonly [PartitionId, number, string])[]
  /** What was left when it was over. */
  readonly image: DiskImage
}

/**
 * Opens copies of a disk: one as it is, and some of which a part went bad. The log must come back on
 * each of them, and show there all that it shows on the first, but for what was hit; and it must go on.
 */
export async function decay(sleeping: Sleeping, random: SeededRandom): Promise<void> {
  const { image, oracle, say } = sleeping
  const sound = await tell(sleeping, copyImage(image), random)
  for (let copies = 2; copies > 0; copies--) {
    const bad = copyImage(image)
    const rot = drawRot(bad, random)
    if (rot === undefined || isUnnoticed(bad, rot)) continue
    const damage = damageOf(bad, rot)
    spoil(bad, rot, random)
    say(`rot: ${inWords(damage)}`)
    const told = await tell(sleeping, bad, random)
    mustBeSame(oracle, damage, sound, told)
    say('again')
    const again = await tell(sleeping, told.image, random)
    mustBeSame(oracle, damage, { ...sound, answers: new Map() }, again)
    mustBeKept(told, again)
  }
}

function inWords({ rot, ranges, isOwn }: Damage): string {
  const { kind, path, from, to } = rot
  const hit = [...ranges].map(([id, list]) => `${id}: ${list.map((one) => one.join('–')).join()}`)
  return `${kind} ${path} ${from}–${to}, hits ${hit.join('; ')}${isOwn ? ' and its own' : ''}`
}

/** Opens a log, reads all of it, and goes on with it. */
async function tell(
  { oracle, open, nowMs }: Sleeping,
  image: DiskImage,
  random: SeededRandom,
): Promise<Told> {
  const log = new Alone(random, { open, image, nowMs })
  let shown: ReadonlyMap<PartitionId, Shown> = new Map()
  const answers = new Map<Sent, string>()
  const added: (readonly [PartitionId, number, string])[] = []
  const left = await log.live(async () => {
    shown = await log.shown()
    for (const sent of lastOnes(oracle, shown)) {
      const { partition, leaderEpoch, bytes: batch } = sent
      answers.set(sent, await log.append({ partition, leaderEpoch, batch }))
    }
    for (const partition of shown.keys()) {
      const [key, value] = [Buffer.from(`added ${random.below(2 ** 32)}`), Buffer.from('more')]
      const order = { partition, record: { key, value } }
      const answer = await log.until(log.store.appendRecord(order), 'an append')
      if (!answer.ok) throw new Violation(`an append is refused: ${answer.refusal.code}`)
      const text = `record ${key.toString()}: ${value.toString('base64')}`
      added.push([partition, answer.value.first, text])
    }
  })
  return { shown, answers, added, image: left }
}

/** The last batch of each producer in each partition, of those that can be read. */
function lastOnes(oracle: Oracle, shown: ReadonlyMap<PartitionId, Shown>): Set<Sent> {
  const last = new Map<string, Sent>()
  for (const [id, truth] of oracle.partitions) {
    if (!shown.has(id)) continue
    for (const offset of truth.offsets()) {
      const fact = truth.at.get(offset)!
      const batch = fact.kind === 'record' ? fact.record.batch : undefined
      if (batch && batch.producerId !== -1) last.set(`${id} ${batch.producerId}`, batch)
    }
  }
  return new Set(last.values())
}
