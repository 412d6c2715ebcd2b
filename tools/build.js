// Builds the web app and the widget, and only when something they are made of has changed.

import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { mustRun } from './child.js'
import { root, step } from './step.js'

/** What each page is made of, besides the packages in the lock file. */
const pages = [
  { name: 'web app', folder: 'web', sources: ['web', 'sdk', 'contract', 'base'] },
  { name: 'widget', folder: 'widget', sources: ['widget', 'sdk', 'contract', 'base'] },
]

const notSource = /^(?:node_modules|dist|\..*|.*\.md|.*\.test\.tsx?)$/

/**
 * @param {string} folder
 * @returns {string[]} The paths of its sources, in a stable order.
 */
function sourcesIn(folder) {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !notSource.test(entry.name))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name)
      return entry.isDirectory() ? sourcesIn(path) : [path]
    })
}

/**
 * A digest of the names and contents of all sources in some folders and of the lock file.
 *
 * @param {string} base The folder that holds them.
 * @param {string[]} folders
 */
export function digest(base, folders) {
  const hash = createHash('sha256')
  const paths = folders.flatMap((folder) => sourcesIn(join(base, folder)))
  for (const path of [join(base, 'package-lock.json'), ...paths]) {
    const content = readFileSync(path)
    hash.update(`${path.slice(base.length)}\0${content.length}\0`).update(content)
  }
  return hash.digest('hex')
}

/** @param {string} folder */
function viteOf(folder) {
  const manifest = createRequire(join(root, folder, 'package.json')).resolve('vite/package.json')
  return join(dirname(manifest), 'bin', 'vite.js')
}

/**
 * Builds the pages that are out of date.
 *
 * @param {string} node The Node.js to build with.
 */
export async function build(node) {
  for (const { name, folder, sources } of pages) {
    if (!existsSync(join(root, folder, 'vite.config.ts'))) continue
    const stamp = join(root, folder, 'dist', '.stamp')
    const now = digest(root, sources)
    if (existsSync(stamp) && readFileSync(stamp, 'utf8') === now) continue
    await step(`building the ${name}`, async () => {
      const args = [viteOf(folder), 'build', '--logLevel', 'warn']
      await mustRun(node, args, { cwd: join(root, folder) })
      writeFileSync(stamp, now)
    })
  }
}
