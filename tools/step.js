// What the tools say about themselves: one line for each thing they do, with its time.

import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of the repository. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** @type {NodeJS.WritableStream} */
let out = process.stdout

/** Leaves standard output to the program that is about to be run, and speaks on standard error. */
export function speakAside() {
  out = process.stderr
}

/** @param {string} text One whole line. */
export function say(text) {
  out.write(`${text}\n`)
}

/**
 * Seconds since a reading of `performance.now()`, as people read them.
 *
 * @param {number} since
 */
export function secondsSince(since) {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`
}

/**
 * Does something that takes a while, and says so on one line with the time it took.
 *
 * @template T
 * @param {string} text
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(text, work) {
  const since = performance.now()
  out.write(`${text} … `)
  try {
    const result = await work()
    out.write(`${secondsSince(since)}\n`)
    return result
  } catch (error) {
    out.write(`failed after ${secondsSince(since)}\n`)
    throw error
  }
}
