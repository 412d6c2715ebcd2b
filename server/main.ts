import { readFileSync } from 'node:fs'
import { constants } from 'node:os'
import { systemClock } from '@fermata/base/clock'
import { limits } from '@fermata/base/limits'
import { parseConfig, type Config } from './config.ts'
import { openLog } from './log.ts'
import { giveBackMemory, growWithBuffers } from './memory.ts'
import { serve, type Server } from './serve.ts'

/** How the process ends when it was told something wrong, cannot start, or must not go on. */
const exitCodes = { usage: 2, notStarted: 1, fatal: 70 } as const

/** What keeps a server from starting that is nobody's fault: said in a line, without a trace. */
const unstartable = new Set([
  'EADDRINUSE',
  'EADDRNOTAVAIL',
  'EACCES',
  'EROFS',
  'ENOSPC',
  'ECONNREFUSED',
  'ENOTFOUND',
  'FolderInUse',
  'LogInUse',
  'UnknownData',
])

growWithBuffers()
const log = openLog()
const clock = systemClock()
const { version } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
) as { version: string }

/** Ends the process as it stands, so that nothing can be answered after what has happened. */
function end(error: unknown, what: string): never {
  log.fatal({ err: error }, what)
  process.exit(exitCodes.fatal)
}

/** Reads what we were told, or says what is wrong with it and ends. */
function readConfig(): Config {
  const read = parseConfig(process.argv.slice(2), process.env, version)
  if (!read.ok) {
    console.error(`${read.refusal}\nAll there is to set: npm start -- --help`)
    process.exit(exitCodes.usage)
  }
  if (read.value.kind === 'run') return read.value.config
  console.log(read.value.text)
  process.exit(0)
}

function kafkaLine(kafka: Server['kafka']): string {
  if (kafka.kind === 'listens') return `${kafka.host}:${kafka.port}`
  if (kafka.kind === 'off') return 'off'
  return `off, because port ${kafka.port} is taken; choose another one with --kafka-port`
}

/** Says in a few lines what a newcomer needs. */
function welcome({ url, setupUrl, sample, kafka }: Server, { publicUrl, example }: Config): void {
  const at = publicUrl ?? url
  console.log(`Fermata ${version} listens on ${url}${publicUrl === null ? '' : ` for ${at}`}`)
  if (setupUrl === null) console.log(`  inbox       ${at}/`)
  else console.log(`  set it up   ${setupUrl}   (once, within 24 hours)`)
  if (sample !== null) console.log(`  sample      ${sample.email}, password ${sample.password}`)
  else if (example) console.log('  sample      not filled in: there is a workspace already')
  console.log(`  widget      ${at}/try`)
  console.log(`  Kafka       ${kafkaLine(kafka)}`)
  console.log(`  HTTP API    ${at}/docs`)
}

/** Why the server cannot start, in a line, when that is nobody's fault; otherwise undefined. */
function plainReason(error: unknown): string | undefined {
  const reasons: NodeJS.ErrnoException[] = []
  for (let one = error; one instanceof Error && reasons.length < 5; one = one.cause) {
    reasons.push(one)
  }
  const isPlain = ({ code = '', name }: NodeJS.ErrnoException): boolean =>
    unstartable.has(code) || unstartable.has(name)
  const [whole] = reasons
  const plain = reasons.find(isPlain)
  if (whole === undefined || plain === undefined) return undefined
  // Node's error for a name with several addresses has a code and no message.
  const why = plain.message === '' ? (plain.code ?? '') : plain.message
  return whole === plain ? why : `${whole.message} (${why})`
}

/** Starts, or says why not in a line: a port or folder that is taken is no fault to be traced. */
async function start(config: Config): Promise<Server> {
  try {
    const random = (bytes: Uint8Array<ArrayBuffer>) => crypto.getRandomValues(bytes)
    const fatal = (error: Error) => end(error, 'the database cannot be trusted any more')
    return await serve(config, { clock, random, log, version, fatal })
  } catch (error) {
    const line = plainReason(error)
    if (line === undefined) log.fatal({ err: error }, 'the server could not start')
    else console.error(`Fermata cannot start: ${line}`)
    process.exit(exitCodes.notStarted)
  }
}

process.on('uncaughtException', (error) => end(error, 'an error that nobody caught'))

const config = readConfig()
const starting = start(config)

/** The first signal stops gently, a second one at once. */
let told = false
function stopOn(signal: 'SIGTERM' | 'SIGINT'): void {
  process.on(signal, () => {
    const code = 128 + constants.signals[signal]
    if (told) process.exit(code)
    told = true
    clock.after(limits.drainMsMax, () => process.exit(code))
    void starting
      .then((server) => server.stop())
      .then(
        () => process.exit(0),
        (error: unknown) => end(error, 'the server could not stop gently'),
      )
  })
}
stopOn('SIGTERM')
stopOn('SIGINT')

welcome(await starting, config)
giveBackMemory()
