/** The value that `share` of the values (sorted, smallest first) do not exceed. NaN when there is none. */
export function quantile(sorted: Float64Array | readonly number[], share: number): number {
  if (sorted.length === 0) return Number.NaN
  const index = Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)
  return sorted[Math.max(0, index)] ?? Number.NaN
}

/** Times as a report gives them, in milliseconds. */
export interface Times {
  readonly count: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly maxMs: number
}

/** Sums up times. */
export function timesOf(milliseconds: readonly number[]): Times {
  const sorted = Float64Array.from(milliseconds).toSorted()
  return {
    count: sorted.length,
    p50Ms: rounded(quantile(sorted, 0.5)),
    p99Ms: rounded(quantile(sorted, 0.99)),
    maxMs: rounded(quantile(sorted, 1)),
  }
}

/** A number with no more digits than it can carry. */
export function rounded(value: number, digits = 3): number {
  if (!Number.isFinite(value)) return Number.NaN
  return Number(Math.abs(value) >= 1_000 ? value.toFixed(0) : value.toPrecision(digits))
}
