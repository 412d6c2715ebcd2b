// What there is to check and to test, and how words on the command line choose among it.

import { existsSync, readdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join, relative, sep } from 'node:path'
import { root } from './step.js'

/** @typedef {{ name: string, commands: string[][] }} Check Programs and their arguments. */

/**
 * @typedef {object} Suite
 * @property {string} name
 * @property {string} suffix The end of its files' names.
 * @property {number} together How many files run at the same time.
 * @property {number} testMinutesMax
 * @property {number} suiteMinutesMax
 */

/** @param {string} project @returns {boolean} Whether there is anything to compile yet. */
function hasSources(project) {
  const folder = join(root, project, '..')
  return existsSync(folder) && readdirSync(folder).some((name) => /\.tsx?$/.test(name))
}

/** @param {string} project @returns {string[]} Arguments to check again only what has changed. */
function remembering(project) {
  const memory = join('node_modules', '.cache', 'types', `${project.replaceAll('/', '-')}.memory`)
  return ['-p', project, '--incremental', '--tsBuildInfoFile', memory]
}

/** Checks of the sources as they stand. @type {Check[]} */
export const checks = [
  {
    name: 'types',
    commands: ['tsconfig.json', 'widget/tsconfig.json']
      .filter((project) => project === 'tsconfig.json' || hasSources(project))
      .map((project) => ['typescript/bin/tsc', '--noEmit', ...remembering(project)]),
  },
  {
    name: 'lint',
    commands: [['oxlint/bin/oxlint', '--deny-warnings']],
  },
  {
    name: 'format',
    commands: [['prettier/bin/prettier.cjs', '--check', '--cache', '--log-level=warn', '.']],
  },
]

/**
 * The suites of tests in the order in which they run; whatever fails fast comes first. The long ones
 * start servers, browsers and databases of their own, and two cores take no more of them at a time.
 *
 * @type {Suite[]}
 */
export const suites = [
  {
    name: 'unit',
    suffix: '.test.ts',
    together: availableParallelism(),
    testMinutesMax: 2,
    suiteMinutesMax: 10,
  },
  {
    name: 'server',
    suffix: '.server.test.ts',
    together: 2,
    testMinutesMax: 15,
    suiteMinutesMax: 40,
  },
  {
    name: 'browser',
    suffix: '.browser.test.ts',
    together: 1,
    testMinutesMax: 5,
    suiteMinutesMax: 30,
  },
  {
    name: 'proof',
    suffix: '.proof.test.ts',
    together: 1,
    testMinutesMax: 30,
    suiteMinutesMax: 60,
  },
]

/**
 * The suite that a test file belongs to: that of the longest suffix that fits.
 *
 * @param {string} path
 * @returns {Suite | undefined} Undefined for a file that is no test.
 */
export function suiteOf(path) {
  return suites.findLast((suite) => path.endsWith(suite.suffix))
}

/**
 * Splits the words after `npm test --` into names of checks and suites and into parts of file names.
 * No words choose everything; parts of file names choose among the named suites, or among all.
 *
 * @param {string[]} words
 * @param {string[]} files
 * @returns {{ checks: Check[], files: Map<Suite, string[]> }} Only suites that have files.
 */
export function choose(words, files) {
  const isName = (/** @type {string} */ word) =>
    checks.some((check) => check.name === word) || suites.some((suite) => suite.name === word)
  const parts = words.filter((word) => !isName(word))
  const named = words.filter(isName)
  const wantsSuite = (/** @type {Suite} */ suite) =>
    named.length === 0 || named.includes(suite.name)
  const wantsFile = (/** @type {string} */ file) =>
    parts.length === 0 || parts.some((part) => file.includes(part))

  const chosen = suites.filter(wantsSuite).map((suite) => {
    const own = files.filter((file) => suiteOf(file) === suite && wantsFile(file))
    return /** @type {[Suite, string[]]} */ ([suite, own])
  })
  return {
    checks: checks.filter((check) => words.length === 0 || named.includes(check.name)),
    files: new Map(chosen.filter(([, own]) => own.length > 0)),
  }
}

/** @returns {string[]} All test files, relative to the repository, with forward slashes. */
export function testFiles() {
  /** @param {string} folder @returns {string[]} */
  const walk = (folder) =>
    readdirSync(folder, { withFileTypes: true })
      .filter((entry) => !/^(?:node_modules|dist|data|\..*)$/.test(entry.name))
      .flatMap((entry) => {
        const path = join(folder, entry.name)
        if (entry.isDirectory()) return walk(path)
        return suiteOf(path) ? [relative(root, path).split(sep).join('/')] : []
      })
  return walk(root).toSorted()
}
