// Prints docs/errors.md from the register of errors: `npm run docs` writes it, a test compares it.

import { format } from 'prettier'
import { errors } from '@fermata/contract/errors'

/** What there is to say about one code. */
export interface ErrorEntry {
  readonly status: number
  readonly text: string
}

const opening = `# Errors

Every refusal, from whatever door, has one of these codes. Over HTTP it comes with the status below and
a body of this shape, where \`field\` and \`limit\` are present when there is one to name:

\`\`\`json
{ "error": { "code": "limit_reached", "message": "…", "field": "labels", "limit": 20 } }
\`\`\`

Codes are stable, so decide by them. Texts are for people and may get better.

This page is made from \`contract/errors.ts\` by \`npm run docs\`.
`

/** The page for a register, in the format of the repository. */
export async function errorsPage(register: Readonly<Record<string, ErrorEntry>>): Promise<string> {
  const rows = Object.entries(register)
    .toSorted(([a, { status: x }], [b, { status: y }]) => x - y || a.localeCompare(b, 'en'))
    .map(([code, { status, text }]) => `| \`${code}\` | ${status} | ${escapeCell(text)} |`)
  const table = ['| code | status | what it means |', '| --- | --- | --- |', ...rows].join('\n')
  return format(`${opening}\n${table}\n`, { parser: 'markdown' })
}

/** The page as it should stand in docs/errors.md. */
export function currentErrorsPage(): Promise<string> {
  return errorsPage(errors)
}

function escapeCell(text: string): string {
  return text.replaceAll('|', String.raw`\|`)
}
