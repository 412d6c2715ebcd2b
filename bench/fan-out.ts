import type { FanOutAnswer, FanOutOrder } from './fan-out.load.ts'
import { flushTimes } from './disk.ts'
import { rounded } from './figures.ts'
import { startLoad } from './load.ts'
import { flushPolicy } from './post.ts'
import type { Report } from './report.ts'
import { startBenchServer } from './server.ts'
import type { WorkloadOptions } from './workload.ts'

const sockets = 1_000
const apps = 40
const postsPerSecond = 50

/** 1,000 sockets in one conversation, and 50 posts a second in it. */
export async function runFanOut({ quick, seed, say }: WorkloadOptions): Promise<Report> {
  const posts = quick ? 150 : 1_500
  const warmPosts = quick ? 50 : 250
  const disk = flushTimes()
  const server = await startBenchServer()
  const load = startLoad<FanOutOrder, FanOutAnswer>('./fan-out.load.ts')
  try {
    say(`${posts} posts to ${sockets} sockets …`)
    const { port, pid } = server
    const order = { port, pid, sockets, apps, postsPerSecond, warmPosts, posts, seed }
    const found = await load.ask(order)
    const cores = (us: number): number => rounded(us / found.seconds / 1e6)
    return {
      workload: 'fan-out',
      settings: { sockets, apps, postsPerSecond, warmPosts, seed, flush: flushPolicy, ...disk },
      rows: [
        {
          posts,
          'last socket p50 ms': found.last.p50Ms,
          'p99 ms': found.last.p99Ms,
          'max ms': found.last.maxMs,
          'any socket p50 ms': found.each.p50Ms,
          'server µs/delivery': rounded(found.serverCpuUs / found.each.count),
          'server cores': cores(found.serverCpuUs),
          'generator cores': cores(found.generatorCpuUs),
        },
      ],
      aims: [
        {
          what: 'p99 from post to last socket',
          aim: 150,
          measured: found.last.p99Ms,
          unit: 'ms',
          atLeast: false,
        },
      ],
      checked: [`each of ${found.each.count} deliveries came once, to every socket`],
    }
  } finally {
    await load.stop()
    await server.stop()
  }
}
