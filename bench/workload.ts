/** How a workload is run. */
export interface WorkloadOptions {
  /** A short run, to see that everything works. */
  readonly quick: boolean
  readonly seed: number
  /** Runs the server under Node's CPU profiler and says what is hot. Figures are then worse. */
  readonly profile: boolean
  /** Tells how far it is; never part of the report. */
  readonly say: (text: string) => void
}
