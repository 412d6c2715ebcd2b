/** How a workload is run. */
export interface WorkloadOptions {
  /** A short run, to see that everything works. */
  readonly quick: boolean
  readonly seed: number
  /** Runs the server under Node's CPU profiler and says what is hot. Figures are then worse. */
  readonly profile: boolean
  /** Does the same work with other systems, where the workload knows any. */
  readonly rivals: boolean
  /** Tells how far it is; never part of the report. */
  readonly say: (text: string) => void
}
