import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { lists } from '@fermata/contract/words'
import { copyToDisk, flushTimes } from './disk.ts'
import { rounded, type Times } from './figures.ts'
import type { InboxAnswer, InboxOrder, Looked, PageTimes } from './inbox.load.ts'
import type { Pressed } from './inbox.next.ts'
import { startLoad } from './load.ts'
import { flushPolicy } from './post.ts'
import { hottest } from './profile.ts'
import type { Report } from './report.ts'
import { startBenchServer } from './server.ts'
import { full, small } from './start.ts'
import { fullFolder, type Plan } from './start.data.ts'
import { cpuBetween, cpuTime } from './usage.ts'
import type { WorkloadOptions } from './workload.ts'

/**
 * With the one that a workspace begins with, as many inboxes as it may have, and two hundred who work in them. With the
 * channels there are five hundred places.
 */
const plan: Plan = { inboxes: 199, agents: 200, teams: 10, channels: 300 }
/** Requests a second of each kind while the lists are looked at. */
const rates = { changes: 20, pages: 36, widePages: 12, counts: 2, marks: 10 }
/** One address may sign in so often, and this is fewer; with the owner and the apps, fifty press at once. */
const people = { agents: 24, apps: 25 }

/** How fast people get around in a full server: lists, counts, marks, and the next one of fifty who press. */
export async function runInbox(options: WorkloadOptions): Promise<Report> {
  const { quick, profile, seed, say } = options
  const size = quick ? small : full
  const { folder, filledSeconds, cached } = await fullFolder(size, plan, say)
  const home = mkdtempSync(join(tmpdir(), 'fermata-inbox-'))
  const profiles = join(home, 'profiles')
  const node = profile ? ['--cpu-prof', `--cpu-prof-dir=${profiles}`, '--enable-source-maps'] : []
  const load = startLoad<InboxOrder, InboxAnswer>('./inbox.load.ts')
  try {
    say('copying …')
    copyToDisk(folder, join(home, 'data'))
    const disk = flushTimes()
    const server = await startBenchServer({ data: join(home, 'data'), node })
    try {
      const { port, pid } = server
      const ready = await load.ask({ kind: 'set-up', port, seed, ...people, teams: plan.teams })
      if (ready.kind !== 'ready') throw new Error('the load did not get ready')
      say('looking …')
      const before = cpuTime(pid)
      const seconds = quick ? 20 : 120
      const looked = await load.ask({ kind: 'look', seconds, page: 50, ...rates })
      if (looked.kind !== 'looked') throw new Error('the look did not end')
      const lookedCpuUs = cpuBetween(before, cpuTime(pid)).totalUs
      say('pressing …')
      const pressed = await load.ask({ kind: 'next', enough: quick ? 300 : 4_000 })
      if (pressed.kind !== 'pressed') throw new Error('the pressing did not end')
      await load.stop()
      await server.stop()
      if (profile) say(hottest(profiles))
      const { kind: _, ...seen } = ready
      return report(looked.looked, pressed.pressed, {
        ...size,
        ...plan,
        ...seen,
        ...rates,
        seconds,
        seed,
        data: cached ? 'from the cache' : `filled in ${filledSeconds} s`,
        flush: flushPolicy,
        ...disk,
        coresWhileLooking: rounded(lookedCpuUs / seconds / 1e6),
      })
    } finally {
      await server.stop()
    }
  } finally {
    await load.stop()
    rmSync(home, { recursive: true, force: true })
  }
}

function pageColumns(who: string, { first, deep }: PageTimes): Record<string, number> {
  return {
    [`${who}: first p50 ms`]: first.p50Ms,
    [`p99 (${who}, first)`]: first.p99Ms,
    [`${who}: deep p50 ms`]: deep.p50Ms,
    [`p99 (${who}, deep)`]: deep.p99Ms,
  }
}

function timesRow(what: string, { count, p50Ms, p99Ms, maxMs }: Times) {
  return { what, count, 'p50 ms': p50Ms, 'p99 ms': p99Ms, 'max ms': maxMs }
}

function report(looked: Looked, pressed: Pressed, settings: Report['settings']): Report {
  const { agent, wide, agentPages, widePages, counts, unread, marks, changes } = looked
  const aim = { unit: 'ms', atLeast: false }
  return {
    workload: 'inbox',
    settings: { ...settings, changesDone: changes.done, changesRefused: changes.refused },
    rows: lists.map((list) => ({
      list,
      ...pageColumns('agent', agent[list]),
      ...pageColumns('wide', wide[list]),
      'deep is page': agent[list].deepPage,
    })),
    further: [
      [
        timesRow('a page of who sees 21 inboxes', agentPages),
        timesRow('a page of who sees all 200', widePages),
        timesRow('how many are in each list, in 200 inboxes', counts),
        timesRow('what is unread, in 300 channels', unread),
        timesRow('a mark as read, durable', marks),
        timesRow('the next, of fifty who press', pressed.next),
      ],
    ],
    aims: [
      { what: 'p99 of a page of who sees 21 inboxes', aim: 15, measured: agentPages.p99Ms, ...aim },
      { what: 'p99 of a page of who sees all 200', aim: 15, measured: widePages.p99Ms, ...aim },
    ],
    checked: [
      `${pressed.taken} conversations were given out to fifty in ${rounded(pressed.seconds)} s, each to one`,
    ],
  }
}
