import { startServer } from '@fermata/testkit/server'

/** A server that was started for a workload. */
export interface BenchServer {
  readonly port: number
  /** Where Kafka's clients come in. */
  readonly kafkaPort: number
  readonly pid: number
  /** Milliseconds from the start of the process until /readyz said yes. */
  readonly readyMs: number
  /** Tells it to end, waits, and removes its data if nobody brought them. */
  stop(): Promise<void>
}

/** How to start it. */
export interface BenchServerOptions {
  /** Its data; a new folder when nothing is said. */
  readonly data?: string
  /** Flags for Node, such as those of the profiler. */
  readonly node?: readonly string[]
}

/** Starts the product as its users do, on a free port, and waits until it is ready. */
export async function startBenchServer(options: BenchServerOptions = {}): Promise<BenchServer> {
  const since = performance.now()
  const server = await startServer(options)
  const readyMs = performance.now() - since
  return {
    port: Number(new URL(server.url).port),
    kafkaPort: Number(/Kafka +\S+:(\d+)/.exec(server.logs())?.[1]),
    pid: server.pid,
    readyMs,
    async stop() {
      await server.kill('SIGTERM')
      await server.close()
    },
  }
}
