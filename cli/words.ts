import { parseArgs } from 'node:util'
import { UsageError } from './machine.ts'

/** The options of all commands. */
const options = {
  url: { type: 'string' },
  token: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
  partitions: { type: 'string' },
  set: { type: 'string', multiple: true, default: [] as string[] },
  key: { type: 'string' },
  partition: { type: 'string' },
  offset: { type: 'string' },
  limit: { type: 'string' },
  follow: { type: 'boolean', default: false },
} as const

/** What was said on the command line. */
export interface Words {
  /** What stands there without dashes, the command first. */
  readonly plain: readonly string[]
  readonly url: string | undefined
  readonly token: string | undefined
  readonly json: boolean
  readonly help: boolean
  readonly partitions: number | undefined
  readonly settings: readonly { readonly name: string; readonly value: string }[]
  readonly key: string | undefined
  readonly partition: number | undefined
  readonly offset: number | undefined
  readonly limit: number | undefined
  readonly follow: boolean
}

/** Reads the command line. Throws a UsageError that names the word that is wrong. */
export function readWords(argv: readonly string[]): Words {
  const { values, positionals } = parsed(argv)
  return {
    plain: positionals,
    url: values.url,
    token: values.token,
    json: values.json,
    help: values.help,
    partitions: whole('partitions', values.partitions),
    settings: values.set.map((text) => {
      const [name = '', ...rest] = text.split('=')
      if (name === '' || rest.length === 0) throw new UsageError(`--set takes NAME=VALUE`)
      return { name, value: rest.join('=') }
    }),
    key: values.key,
    partition: whole('partition', values.partition),
    offset: whole('offset', values.offset),
    limit: whole('limit', values.limit),
    follow: values.follow,
  }
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true, strict: true })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

function whole(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (!/^[0-9]{1,15}$/.test(text)) throw new UsageError(`--${name} takes a number`)
  return Number(text)
}
