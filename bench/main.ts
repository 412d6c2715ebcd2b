// `npm run bench -- NAME [--quick] [--json] [--profile] [--rivals] [--seed N]`

import { runFanOut } from './fan-out.ts'
import { runIdle } from './idle.ts'
import { runInbox } from './inbox.ts'
import { runKafka } from './kafka.ts'
import { runLog } from './log.ts'
import { runPost } from './post.ts'
import { machine, printed, revision, type Report } from './report.ts'
import { runStart } from './start.ts'
import type { WorkloadOptions } from './workload.ts'

const workloads: Readonly<Record<string, (options: WorkloadOptions) => Promise<Report>>> = {
  post: runPost,
  'fan-out': runFanOut,
  start: runStart,
  inbox: runInbox,
  idle: runIdle,
  log: runLog,
  kafka: runKafka,
}

const usage = `usage: npm run bench -- ${Object.keys(workloads).join('|')} [--quick] [--json] [--profile] [--rivals] [--seed N]`

/** Reads the command line, or throws with what would have been right. */
function parse(words: readonly string[]): { name: string; json: boolean } & WorkloadOptions {
  const rest = [...words]
  const flag = (name: string): boolean => {
    const at = rest.indexOf(name)
    if (at >= 0) rest.splice(at, 1)
    return at >= 0
  }
  const [quick, json] = [flag('--quick'), flag('--json')]
  const [profile, rivals] = [flag('--profile'), flag('--rivals')]
  const seedAt = rest.indexOf('--seed')
  const seed = seedAt < 0 ? 1 : Number(rest.splice(seedAt, 2)[1])
  const [name = '', ...unknown] = rest
  if (!Object.hasOwn(workloads, name) || unknown.length > 0 || !Number.isSafeInteger(seed)) {
    throw new Error(usage)
  }
  return {
    name,
    json,
    quick,
    profile,
    rivals,
    seed,
    say: (text) => process.stderr.write(`${text}\n`),
  }
}

const { name, json, ...options } = parse(process.argv.slice(2))
const report = await workloads[name]!(options)
if (json)
  console.log(JSON.stringify({ revision: revision(), machine: machine(), ...report }, null, 2))
else console.log(printed(report))
