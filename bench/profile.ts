import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A file that `node --cpu-prof` writes, as far as it is read here. */
interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number
    readonly callFrame: {
      readonly functionName: string
      readonly url: string
      readonly lineNumber: number
    }
  }[]
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

const rowsMax = 45

/** The functions in which a server spent its time, as lines to read, for each thread in a folder. */
export function hottest(folder: string): string {
  return readdirSync(folder)
    .map((name) => {
      const profile = JSON.parse(readFileSync(join(folder, name), 'utf8')) as CpuProfile
      return [`${join(folder, name)}:`, ...selfTimes(profile)].join('\n')
    })
    .join('\n')
}

function selfTimes({ nodes, samples, timeDeltas }: CpuProfile): string[] {
  const placeOf = new Map(
    nodes.map(({ id, callFrame: { functionName, url, lineNumber } }) => [
      id,
      `${functionName || '(anonymous)'} ${url.replace(/^.*\/(?=\w+\/\w+\/[^/]+$|\w+\/[^/]+$)/, '')}:${lineNumber + 1}`,
    ]),
  )
  const byPlace = new Map<string, number>()
  for (const [index, sample] of samples.entries()) {
    const place = placeOf.get(sample) ?? '(unknown)'
    byPlace.set(place, (byPlace.get(place) ?? 0) + (timeDeltas[index] ?? 0))
  }
  const idle = [...byPlace.keys()].filter((place) => /^\((?:idle|program)\)/.test(place))
  for (const place of idle) byPlace.delete(place)
  const total = [...byPlace.values()].reduce((sum, us) => sum + us, 0)
  return [...byPlace]
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, rowsMax)
    .map(([place, us]) => `  ${((100 * us) / total).toFixed(1).padStart(5)} %  ${place}`)
}
