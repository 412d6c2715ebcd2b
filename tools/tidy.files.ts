// What a file as a whole must be like: its name, its size, its functions, its headings.

import { isTest, type Source } from './sources.ts'

/** The sizes that are a smell. Tests may tell longer stories. */
export const sizes = {
  fileLinesMax: 400,
  testLinesMax: 500,
  functionLinesMax: 70,
  testFunctionLinesMax: 100,
  medianLinesMax: 120,
  fileBytesMax: 200_000,
} as const

/** Names that say nothing about what is inside. */
const emptyNames = /^(?:utils?|helpers?|managers?|services?|common|misc|shared|stuff|lib)$/i

/** Names that others read in the form they know. */
const fixedNames =
  /^(?:[A-Z]+\.md|LICENSE|needs|run|package(?:-lock)?\.json|tsconfig\.json|\..+|manifest\.webmanifest)$/

/** Pictures and fonts, and where they may be. */
const binaryPlaces = /^(?:docs|web|widget)\/.*\.(?:png|webp|ico|woff2)$/

/** What is wrong with the name of a file, or with those of its folders. */
export function badName(path: string): string | undefined {
  const parts = path.split('/')
  const words = parts.flatMap((part) => part.replace('service-worker', '').split(/[.-]/))
  const empty = words.find((word) => emptyNames.test(word))
  if (empty) return `${path}: "${empty}" says nothing; name it after the concept inside`
  const odd = parts.find(
    (part) => !fixedNames.test(part) && !/^[a-z0-9$]+(?:[.-][a-z0-9$]+)*$/.test(part),
  )
  if (odd) return `${path}: "${odd}" is not in lower case, its words joined by hyphens or dots`
  return undefined
}

/** What is wrong with the sizes of a source and of its functions. */
export function badSizes({ path, text, functions }: Source): string[] {
  const forTests = isTest(path)
  const linesMax = forTests ? sizes.testLinesMax : sizes.fileLinesMax
  const functionMax = forTests ? sizes.testFunctionLinesMax : sizes.functionLinesMax
  const lines = countLines(text)
  const long = functions.filter(({ ownLines }) => ownLines > functionMax)
  return [
    ...(lines > linesMax ? [`${path}: ${lines} lines; split it above ${linesMax}`] : []),
    ...long.map(
      ({ line, ownLines }) =>
        `${path}:${line} a function of ${ownLines} lines; split it above ${functionMax}`,
    ),
  ]
}

/** The lines of a text; the last one ends with a newline like all others. */
export function countLines(text: string): number {
  return text.split('\n').length - (text.endsWith('\n') ? 1 : 0)
}

/** The middle one of some numbers. */
export function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0
}

/** The wings whose functions others build on; there each one says what it does. */
const documented = /^(?:base|contract|storage|people|sdk)\//

/** The exported functions of a source that say nothing about themselves. */
export function silentFunctions({ path, exportedFunctions }: Source): string[] {
  if (!documented.test(path) || isTest(path)) return []
  return exportedFunctions
    .filter(({ isDocumented }) => !isDocumented)
    .map(({ line, name }) => `${path}:${line} ${name}() is exported and has no doc comment`)
}

/** What is wrong with a file as bytes: too many, or not text where text is expected. */
export function badBytes(path: string, bytes: Buffer): string | undefined {
  if (path !== 'package-lock.json' && bytes.length > sizes.fileBytesMax) {
    return `${path}: ${bytes.length} bytes; the limit is ${sizes.fileBytesMax}`
  }
  if (bytes.includes(0) && !binaryPlaces.test(path)) return `${path}: is not text`
  return undefined
}

/** What is wrong with the headings of a Markdown page: it has one title. */
export function badHeadings(path: string, text: string): string | undefined {
  const prose = text.replaceAll(/^(```|~~~)[^]*?^\1/gm, '')
  const titles = prose.match(/^# /gm)?.length ?? 0
  return titles === 1 ? undefined : `${path}: ${titles} titles (# …); a page has one`
}
