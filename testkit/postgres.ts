import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** A PostgreSQL server of the tests' own, with the settings that PostgreSQL comes with. */
export interface PostgresServer {
  /** The address of one of its databases. */
  url(database: string): string
  /** Stops it at once, as a crash would; its data stay. */
  crash(): Promise<void>
  /** Starts it again after a crash, on the same port and data. */
  start(): Promise<void>
  /** Stops it and removes its data. */
  stop(): Promise<void>
}

/** The user that PostgreSQL runs as when the tests run as root, which it refuses. */
function serverUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const id = (flag: string): number =>
    Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** Resolves when the server says on its log that it takes connections. */
async function ready(server: ChildProcess): Promise<void> {
  let log = ''
  for await (const chunk of server.stderr ?? []) {
    log += String(chunk)
    if (log.includes('ready to accept connections')) return
  }
  throw new Error(`PostgreSQL did not start:\n${log}`)
}

/**
 * Makes a new PostgreSQL in a temporary folder and starts it on a free port. `program` is the path
 * of `postgres`, as `need('postgresql')` finds it; `settings` are given to it as they are.
 */
export async function startPostgres(
  program: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'fermata-postgres-'))
  const user = serverUser()
  if (user !== undefined) chownSync(folder, user.uid, user.gid)
  const env = { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8', HOME: folder }
  execFileSync(
    join(dirname(program), 'initdb'),
    [
      '--pgdata',
      folder,
      '--username',
      'fermata',
      '--auth',
      'trust',
      '--encoding',
      'UTF8',
      '--no-sync',
    ],
    { ...user, env, cwd: folder, stdio: 'ignore' },
  )
  const port = await freePort()
  const args = ['-D', folder, '-p', String(port), '-k', folder, '-h', '127.0.0.1']
  for (const [name, value] of Object.entries(settings)) args.push('-c', `${name}=${value}`)

  let server: ChildProcess
  const start = async (): Promise<void> => {
    server = spawn(program, args, {
      ...user,
      env,
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    await ready(server)
    // Nobody reads its log any more, and a full pipe would stop it.
    server.stderr?.resume()
  }
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (server.exitCode !== null || server.signalCode !== null) return
    const exited = once(server, 'exit')
    server.kill(signal)
    await exited
  }
  await start()
  process.once('exit', () => server.kill('SIGQUIT'))

  return {
    url: (database) => `postgres://fermata@127.0.0.1:${port}/${database}`,
    crash: () => end('SIGQUIT'),
    start,
    async stop() {
      await end('SIGQUIT')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
