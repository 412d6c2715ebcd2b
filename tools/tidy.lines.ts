// Holds lines against the rules of tidy.rules.ts.

import { lineRules, type LineRule } from './tidy.rules.ts'
import { isSource } from './sources.ts'

/** A file as the rules see it; `code` is absent where no parser reads it. */
export interface Page {
  readonly path: string
  readonly text: string
  readonly code?: string
}

/** Whether a rule looks at a file at all. */
function looksInto({ only, except, looksAt }: LineRule, { path }: Page): boolean {
  if (only && !only.test(path)) return false
  if (except?.test(path)) return false
  return looksAt === 'text' || isSource(path)
}

/** What a rule finds on a page: the numbers of the lines, counted from 1. */
export function linesAgainst(rule: LineRule, page: Page): number[] {
  if (!looksInto(rule, page)) return []
  const seen = rule.looksAt === 'code' ? (page.code ?? '') : page.text
  return seen.split('\n').flatMap((line, index) => (rule.pattern.test(line) ? [index + 1] : []))
}

/** What all rules find on a page, as lines to read. */
export function untidyLines(page: Page): string[] {
  return lineRules.flatMap((rule) =>
    linesAgainst(rule, page).map((line) => `${page.path}:${line} ${rule.name}: ${rule.cure}`),
  )
}
