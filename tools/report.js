// A reporter of node:test for people: a line for each file, and everything about what failed.

import { relative, resolve } from 'node:path'
import { root } from './step.js'

/** @typedef {import('node:test/reporters').TestEvent} TestEvent */

/** @typedef {Error & { cause?: unknown, failureType?: string }} Failure */

/** @typedef {{ titles: string[], said: string[], failures: string[] }} Page What one file did. */

/**
 * An error as text, with its causes and without the frames inside Node itself.
 *
 * @param {unknown} error
 * @returns {string}
 */
export function errorText(error) {
  if (!(error instanceof Error)) return String(error)
  const text = (error.stack ?? error.message)
    .split('\n')
    .filter((line) => !/^\s+at .*\(?node:/.test(line))
    .join('\n')
    .trimEnd()
  return error.cause === undefined ? text : `${text}\ncaused by ${errorText(error.cause)}`
}

/**
 * The test file that an event is about, in full.
 *
 * @param {{ file?: string | undefined, entryFile?: string | undefined }} data
 * @returns {string}
 */
export function fileOf(data) {
  return data.entryFile ?? data.file ?? ''
}

/**
 * Whether an event is about a whole file, which the runner reports as a test of the name it was given.
 *
 * @param {{ name: string, file?: string | undefined, entryFile?: string | undefined }} data
 */
export function isWholeFile(data) {
  return resolve(data.name) === fileOf(data)
}

/** @param {string} text */
export function indent(text) {
  return text.replaceAll(/^(?=.)/gm, '    ')
}

/**
 * @param {string[]} titles
 * @param {Failure} error
 */
function failureText(titles, error) {
  return `  ✖ ${titles.join(' › ')}\n${indent(errorText(error.cause ?? error))}\n`
}

/**
 * The line of a file, and below it what failed and what the file said meanwhile.
 *
 * @param {string} file
 * @param {Page} page
 * @param {string} closing
 */
function pageText(file, page, closing) {
  const name = relative(root, file)
  if (page.failures.length === 0) return `✔ ${name} ${closing}\n`
  const said = page.said.join('').trimEnd()
  const output = said ? `  it said:\n${indent(said)}\n` : ''
  return `\n✖ ${name} ${closing}\n${page.failures.join('')}${output}\n`
}

/**
 * @param {AsyncIterable<TestEvent>} events
 * @yields {string}
 */
export default async function* report(events) {
  /** @type {Map<string, Page>} */
  const pages = new Map()
  /** @param {string} file */
  const pageOf = (file) => {
    const page = pages.get(file) ?? { titles: [], said: [], failures: [] }
    pages.set(file, page)
    return page
  }

  for await (const { type, data } of events) {
    if (type === 'test:start') {
      const { titles } = pageOf(fileOf(data))
      titles.splice(data.nesting, titles.length, data.name)
    } else if (type === 'test:stdout' || type === 'test:stderr' || type === 'test:diagnostic') {
      pageOf(fileOf(data)).said.push(data.message, type === 'test:diagnostic' ? '\n' : '')
    } else if (type === 'test:fail') {
      const file = fileOf(data)
      const page = pageOf(file)
      const error = /** @type {Failure} */ (data.details.error)
      // Its own failed tests have told already.
      if (error.failureType === 'subtestsFailed') continue
      page.failures.push(failureText([...page.titles.slice(0, data.nesting), data.name], error))
      // A file that could not run to its end sends no summary.
      if (isWholeFile(data)) yield pageText(file, page, '')
    } else if (type === 'test:summary' && data.file !== undefined) {
      const file = fileOf(data)
      const closing = `(${data.counts.tests} tests, ${(data.duration_ms / 1000).toFixed(1)} s)`
      yield pageText(file, pageOf(file), closing)
      pages.delete(file)
    }
  }
}
