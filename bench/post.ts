import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { flushTimes } from './disk.ts'
import { rounded } from './figures.ts'
import { startLoad } from './load.ts'
import type { PostAnswer, PostOrder, PostRound } from './post.load.ts'
import { hottest } from './profile.ts'
import type { Report } from './report.ts'
import { startBenchServer } from './server.ts'
import type { WorkloadOptions } from './workload.ts'

const clientCounts = [1, 16, 64]
const conversations = 100
/** Each app has its limit of sends per minute, so there are many. */
const apps = 190

/** How what is acknowledged is put on disk; the same for every workload. */
export const flushPolicy =
  'every answer waits for an fdatasync of the WAL that began after its commit; commits share it'

/** Durable posts into 100 conversations by 1, 16 and 64 clients. */
export async function runPost({ quick, seed, profile, say }: WorkloadOptions): Promise<Report> {
  const warmMs = quick ? 1_000 : 3_000
  const measuredMs = quick ? 2_000 : 10_000
  const profiles = profile ? mkdtempSync(join(tmpdir(), 'fermata-profile-')) : undefined
  const nodeFlags =
    profiles === undefined
      ? []
      : ['--cpu-prof', `--cpu-prof-dir=${profiles}`, '--enable-source-maps']
  const disk = flushTimes()
  const server = await startBenchServer({ node: nodeFlags })
  const load = startLoad<PostOrder, PostAnswer>('./post.load.ts')
  try {
    const { port, pid } = server
    const ready = await load.ask({ kind: 'set-up', port, pid, apps, conversations, seed })
    if (ready.kind !== 'ready') throw new Error('the load did not get ready')
    const rounds: { clients: number; round: PostRound }[] = []
    for (const clients of clientCounts) {
      say(`${clients} clients …`)
      const answer = await load.ask({ kind: 'round', clients, warmMs, measuredMs })
      if (answer.kind === 'round') rounds.push({ clients, round: answer.round })
    }
    say('reading everything back …')
    const audited = await load.ask({ kind: 'audit' })
    if (audited.kind !== 'audited') throw new Error('the audit did not end')
    await load.stop()
    await server.stop()
    if (profiles !== undefined) say(hottest(profiles))
    return report(rounds, {
      conversations,
      apps,
      warmMs,
      measuredMs,
      seed,
      ...ready.texts,
      flush: flushPolicy,
      ...disk,
      checked: `${audited.report.messages} messages read back by id, number and text, ${audited.report.events} events in the feed`,
    })
  } finally {
    await load.stop()
    await server.stop()
  }
}

type Settings = Record<string, string | number> & { checked: string }

function report(
  rounds: readonly { clients: number; round: PostRound }[],
  { checked, ...settings }: Settings,
): Report {
  const rows = rounds.map(({ clients, round }) => {
    const { times, seconds, serverCpu, generatorCpuUs, flushes } = round
    const perPost = (us: number): number => rounded(us / times.count)
    const mainUs = serverCpu.byThread['main'] ?? 0
    return {
      clients,
      'posts/s': rounded(times.count / seconds),
      'p50 ms': times.p50Ms,
      'p99 ms': times.p99Ms,
      'max ms': times.maxMs,
      'server µs/post': perPost(serverCpu.totalUs),
      'of it main': perPost(mainUs),
      'posts/flush': rounded(times.count / flushes),
      'server cores': rounded(serverCpu.totalUs / seconds / 1e6),
      'generator cores': rounded(generatorCpuUs / seconds / 1e6),
    }
  })
  const most = rows.at(-1)
  return {
    workload: 'post',
    settings,
    rows,
    aims: [
      {
        what: 'server CPU per durable post at 64 clients, all threads',
        aim: 440,
        measured: most?.['server µs/post'] ?? Number.NaN,
        unit: 'µs',
        atLeast: false,
      },
      {
        what: 'durable posts at 64 clients',
        aim: 4_000,
        measured: most?.['posts/s'] ?? Number.NaN,
        unit: '/s',
        atLeast: true,
      },
    ],
    checked: [checked],
  }
}
