import type { ApiName } from './apis.ts'

/** What went through a hall since it was opened. */
export interface KafkaFigures {
  readonly connections: number
  readonly bytesIn: number
  readonly bytesOut: number
  /** How many requests were answered, by API and by the first error in the answer. */
  readonly requests: readonly {
    readonly api: ApiName
    readonly error: string
    readonly count: number
  }[]
}

/** Counts what goes through a hall. */
export interface Tally {
  bytesIn: number
  bytesOut: number
  answered(api: ApiName, error: string): void
  requests(): KafkaFigures['requests']
}

/** Begins to count. */
export function newTally(): Tally {
  const counts = new Map<ApiName, Map<string, number>>()
  return {
    bytesIn: 0,
    bytesOut: 0,
    answered(api, error) {
      let errors = counts.get(api)
      if (errors === undefined) counts.set(api, (errors = new Map<string, number>()))
      errors.set(error, (errors.get(error) ?? 0) + 1)
    },
    requests: () =>
      Array.from(counts, ([api, errors]) =>
        Array.from(errors, ([error, count]) => ({ api, error, count })),
      ).flat(),
  }
}
