// Starts the server as a child, because only the pinned Node can run it, and stays with it until it
// has ended.

import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from './build.js'
import { exitCode } from './child.js'
import { install } from './install.js'
import { useNode } from './node.js'
import { root, speakAside } from './step.js'

/** How often we look whether npm is still there. */
const watchMilliseconds = 250

/**
 * Installs and builds what is out of date, then runs the server with the given flags.
 *
 * @param {string[]} args
 * @returns {Promise<number>} The server's exit code.
 */
export async function start(args) {
  speakAside()
  await install('start')
  const node = useNode()
  if (!args.includes('--help')) await build(node)
  return serve(node, args)
}

/**
 * @param {string} node
 * @param {string[]} args
 * @returns {Promise<number>}
 */
function serve(node, args) {
  const leash = new URL('./leash.js', import.meta.url).href
  const main = join(root, 'server', 'main.ts')
  // The fourth channel is the leash: it breaks when we are killed, and the server notices.
  const child = spawn(node, ['--import', leash, main, ...args], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  })

  // A terminal tells its whole foreground group, and a server told twice would not end gently.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'))
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  process.on('SIGHUP', () => child.kill('SIGTERM'))
  if (process.env['npm_lifecycle_event']) endWithNpm(() => child.kill('SIGTERM'))

  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code, signal) => resolve(exitCode(code, signal)))
  })
}

/**
 * Between npm and us may stand a shell, which passes no signal on, and npm cannot pass on its own
 * SIGKILL. So we look whether they are still there.
 *
 * @param {() => void} end
 */
function endWithNpm(end) {
  const before = ancestors()
  const timer = setInterval(() => {
    if (ancestors() === before) return
    clearInterval(timer)
    end()
  }, watchMilliseconds)
  timer.unref()
}

/**
 * Our parent and, if it is the shell and the system has a /proc to ask, the npm that is its parent. The
 * parent of npm itself is none of our business: a terminal may be closed behind `nohup npm start`.
 */
function ancestors() {
  const parent = process.ppid
  try {
    const stat = readFileSync(`/proc/${parent}/stat`, 'utf8')
    const [, grandparent] = /\((?:ba|da|a)?sh\) \S+ (\d+)/.exec(stat) ?? []
    return `${parent} ${grandparent}`
  } catch {
    return String(parent)
  }
}
