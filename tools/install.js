// Installs the packages, and only when the lock file asks for something that is not there.
//
// npm leaves a record of what it really installed in node_modules/.package-lock.json, written last.
// Comparing it with package-lock.json answers the question whoever ran npm, and an installation that
// was cut off half-way has no record.

import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { mustRun } from './child.js'
import { root, step } from './step.js'

/**
 * @typedef {object} Package One entry of a lock file.
 * @property {string} [version]
 * @property {string} [integrity]
 * @property {boolean} [link]
 * @property {boolean} [dev]
 * @property {boolean} [optional]
 * @property {boolean} [devOptional]
 */

/** @typedef {Record<string, Package>} Packages */

/** @typedef {'start' | 'full'} Mode Without or with the packages of tests and benches. */

/**
 * The packages that a lock file asks for and a record of an installation lacks.
 *
 * @param {Packages} wanted
 * @param {Packages} present
 * @param {Mode} mode
 * @returns {string[]} Their paths, as the lock file writes them.
 */
export function missingPackages(wanted, present, mode) {
  return Object.entries(wanted)
    .filter(([path, pkg]) => {
      if (!path.includes('node_modules/')) return false
      if (mode === 'start' && (pkg.dev || pkg.devOptional)) return false
      const found = present[path]
      // Most optional packages are for other platforms.
      if (!found) return !(pkg.optional || pkg.devOptional)
      return found.version !== pkg.version || found.integrity !== pkg.integrity
    })
    .map(([path]) => path)
}

/**
 * @param {string} path
 * @returns {Packages | undefined} Undefined where there is no such file, or no whole one.
 */
function packagesOf(path) {
  try {
    const text = readFileSync(join(root, path), 'utf8')
    return /** @type {{ packages: Packages }} */ (JSON.parse(text)).packages
  } catch {
    return undefined
  }
}

/** @param {Mode} mode */
function isInstalled(mode) {
  const wanted = packagesOf('package-lock.json')
  const present = packagesOf('node_modules/.package-lock.json')
  if (!wanted || !present) return false
  return missingPackages(wanted, present, mode).length === 0
}

/**
 * Installs what is missing. A full installation also serves `start`.
 *
 * @param {Mode} mode
 */
export async function install(mode) {
  if (isInstalled(mode)) return
  // The system's Node may be older than some packages wish for; they run on the pinned one, so that
  // npm's warnings about it (and all others) would only mislead.
  const args = ['ci', '--loglevel=error', '--no-audit', '--no-fund']
  if (mode === 'start') args.push('--omit=dev')
  const cli = npmScript()
  const what = mode === 'start' ? 'installing packages' : 'installing packages, those of tests too'
  await step(what, () => (cli ? mustRun(process.execPath, [cli, ...args]) : mustRun('npm', args)))
}

/**
 * The npm that started us or, on Windows, where nothing else can be started without a shell, the one
 * that came with Node. Undefined where the PATH decides.
 */
function npmScript() {
  const path = process.env['npm_execpath']
  if (path?.endsWith('npm-cli.js')) return path
  if (process.platform !== 'win32') return undefined
  return join(dirname(process.execPath), 'node_modules', 'npm', 'bin', 'npm-cli.js')
}
