import { readFileSync } from 'node:fs'
import type { Outcome } from './run.ts'
import type { SuiteTest } from './suite.ts'

// What is expected of each test of the suite, as the committed list says it: a name, a word, and why. The words:
//
//   passes   it must, and no test may ever lose this word
//   lacks    it fails, for want of something that is not here
//   skips    the suite itself leaves it out here
//   local    it says nothing of a broker

/** What the list says of a test. */
export interface Expected {
  readonly name: string
  readonly word: 'passes' | 'lacks' | 'skips' | 'local'
  readonly why: string
}

/** Reads the lines of a list. */
export function parseList(text: string): readonly Expected[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => {
      const [, name = '', word = '', why = ''] = /^(\S+)\s+(\S+)\s*(.*)$/.exec(line) ?? []
      if (!/^(?:passes|lacks|skips|local)$/.test(word)) throw new Error(`not understood: ${line}`)
      return { name, word: word as Expected['word'], why }
    })
}

/** The committed list. */
export function expectations(): readonly Expected[] {
  return parseList(readFileSync(new URL('librdkafka.txt', import.meta.url), 'utf8'))
}

/** What is wrong with a list by itself: each test of the suite stands in it once, with a reason unless it passes. */
export function listFaults(
  list: readonly Expected[],
  tests: readonly SuiteTest[],
): readonly string[] {
  const names = list.map(({ name }) => name)
  const missing = tests.filter(({ name }) => !names.includes(name))
  const strange = names.filter((name) => !tests.some((test) => test.name === name))
  const twice = names.filter((name, at) => names.indexOf(name) !== at)
  const silent = list.filter(({ word, why }) => (word === 'passes') !== (why === ''))
  const local = tests.filter(({ name, isLocal }) => {
    const word = list.find((one) => one.name === name)?.word
    return word !== undefined && (word === 'local') !== isLocal
  })
  return [
    ...missing.map(({ name }) => `${name} is not in the list`),
    ...strange.map((name) => `${name} is no test of the suite`),
    ...twice.map((name) => `${name} stands there twice`),
    ...silent.map(
      ({ name }) => `${name}: a reason belongs to those that do not pass, and to no other`,
    ),
    ...local.map(({ name }) => `${name}: the suite says otherwise whether it is local`),
  ]
}

/** How an outcome differs from what was expected; undefined where it does not. */
export function difference(expected: Expected | undefined, outcome: Outcome): string | undefined {
  if (expected === undefined) return `is not in the list, and ${outcome}`
  if (expected.word === 'passes')
    return outcome === 'passes' ? undefined : `passed before, and ${outcome}`
  if (outcome === 'passes') return `passes, and the list says "${expected.word}": let it grow`
  return undefined
}
