// Reads the repository's files, and what a parser knows about those in TypeScript.

import { execFileSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseSync, Visitor } from 'rolldown/utils'

/** One place where a file names another file or a package. */
export interface Import {
  readonly line: number
  /** As it is written: `./port.ts`, `@fermata/base/ids`, `fastify`, `node:fs`. */
  readonly to: string
  /** Whether nothing of it is left at run time. */
  readonly typeOnly: boolean
  /** Whether it is only an address, such as that of a worker's file. */
  readonly isAddress: boolean
}

/** A function with a body. */
export interface FunctionSpan {
  readonly line: number
  /** Its lines, without those of the functions inside it. */
  readonly ownLines: number
}

/** A function declaration that other files may call. */
export interface ExportedFunction {
  readonly line: number
  readonly name: string
  readonly isDocumented: boolean
}

/** What the parser knows about a file. */
export interface Source {
  /** Relative to the repository, with forward slashes. */
  readonly path: string
  readonly text: string
  /** The text with comments and the insides of literals blanked, every line in its place. */
  readonly code: string
  readonly imports: readonly Import[]
  readonly functions: readonly FunctionSpan[]
  readonly exportedFunctions: readonly ExportedFunction[]
}

/** The folder of the repository, with a slash at its end. */
export const root = fileURLToPath(new URL('..', import.meta.url))

/** Every file that is committed or would be, relative to the repository. */
export function listFiles(): string[] {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard']
  const listed = execFileSync('git', args, { cwd: root, encoding: 'utf8' })
  // What is deleted, but not yet committed so, is still listed; so are links to folders.
  return [...new Set(listed.split('\0'))].filter((path) => path && isFile(root + path)).toSorted()
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false
}

/** The text of a file of the repository. */
export function readText(path: string): string {
  return readFileSync(root + path, 'utf8')
}

/** Whether the parser reads a file of this name. */
export function isSource(path: string): boolean {
  return /\.(?:ts|tsx|js)$/.test(path)
}

/**
 * Whether a file is a test, or belongs to tests alone: a suite that every adapter must pass, a small
 * named world, a program under observation.
 */
export function isTest(path: string): boolean {
  return /\.(?:test|contract|world|fixture|fuzz)\.tsx?$/.test(path) || testFolders.test(path)
}

const testFolders =
  /^(?:testkit|server\/proof|wire\/log\/(?:proof|simulate)|wire\/broker\/simulate|wire\/faces\/kafka\/(?:conformance|proof))\//

/** Parses a file; throws with its name if it is not TypeScript. */
export function parseSource(path: string, text: string): Source {
  const { program, comments, errors } = parseSync(path, text)
  const [error] = errors
  if (error) throw new Error(`${path}: ${error.message}`)

  const lineAt = lineFinder(text)
  const blanks: Span[] = comments.map(({ start, end }) => ({ start, end }))
  const imports: Import[] = []
  const spans: Span[] = []
  const exportedFunctions: ExportedFunction[] = []
  const found = (node: Span, source: Literal | null | undefined, kind: string) => {
    if (typeof source?.value !== 'string') return
    const line = lineAt(node.start)
    const typeOnly = kind === 'type'
    imports.push({ line, to: source.value, typeOnly, isAddress: kind === 'address' })
  }
  const span = ({ start, end }: Span) => void spans.push({ start, end })
  const inside = ({ start, end }: Span) => void blanks.push({ start: start + 1, end: end - 1 })

  new Visitor({
    ImportDeclaration: (node) => found(node, node.source, node.importKind ?? 'value'),
    ExportAllDeclaration: (node) => found(node, node.source, node.exportKind ?? 'value'),
    ExportNamedDeclaration: (node) => {
      found(node, node.source, node.exportKind ?? 'value')
      const { declaration } = node
      if (declaration?.type !== 'FunctionDeclaration') return
      exportedFunctions.push({
        line: lineAt(node.start),
        name: declaration.id?.name ?? '',
        isDocumented: /\*\/\s*$/.test(text.slice(0, node.start)),
      })
    },
    ImportExpression: (node) => {
      found(node, node.source.type === 'Literal' ? node.source : undefined, 'value')
    },
    TSImportType: (node) => found(node, node.source, 'type'),
    // A worker's file is named by its address.
    NewExpression: (node) => {
      const [address] = node.arguments
      const isAddress = node.callee.type === 'Identifier' && node.callee.name === 'URL'
      if (!isAddress || address?.type !== 'Literal' || typeof address.value !== 'string') return
      if (isSource(address.value)) found(node, address, 'address')
    },
    FunctionDeclaration: span,
    FunctionExpression: span,
    ArrowFunctionExpression: span,
    Literal: (node) => {
      if (typeof node.value === 'string' || 'regex' in node) inside(node)
    },
    TemplateElement: (node) => void blanks.push({ start: node.start, end: node.end }),
    JSXText: (node) => void blanks.push({ start: node.start, end: node.end }),
  }).visit(program)

  const functions = measure(spans, lineAt)
  return { path, text, code: blank(text, blanks), imports, functions, exportedFunctions }
}

interface Literal {
  readonly value: unknown
}

interface Span {
  readonly start: number
  readonly end: number
}

/** Answers which line, counted from 1, an offset is on. */
function lineFinder(text: string): (offset: number) => number {
  const starts = [0]
  for (const match of text.matchAll(/\n/g)) starts.push(match.index + 1)
  return (offset) => {
    const after = starts.findIndex((start) => start > offset)
    return after === -1 ? starts.length : after
  }
}

/** Blanks spans of a text without moving anything. */
function blank(text: string, spans: readonly Span[]): string {
  const pieces: string[] = []
  let at = 0
  for (const { start, end } of spans.toSorted((a, b) => a.start - b.start)) {
    if (start < at) continue
    pieces.push(text.slice(at, start), text.slice(start, end).replaceAll(/[^\n]/g, ' '))
    at = end
  }
  return pieces.join('') + text.slice(at)
}

/** Counts each function's lines, less those of the functions directly inside it. */
function measure(spans: readonly Span[], lineAt: (offset: number) => number): FunctionSpan[] {
  const lines = (span: Span) => lineAt(span.end) - lineAt(span.start)
  const holds = (outer: Span, inner: Span) =>
    outer !== inner && outer.start <= inner.start && inner.end <= outer.end
  return spans.map((span) => {
    const inner = spans.filter((other) => holds(span, other))
    const direct = inner.filter((one) => !inner.some((other) => holds(other, one)))
    const innerLines = direct.reduce((sum, one) => sum + lines(one), 0)
    return { line: lineAt(span.start), ownLines: lines(span) + 1 - innerLines }
  })
}
