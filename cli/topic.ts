import { limits } from '@fermata/base/limits'
import type { Result } from '@fermata/base/result'
import type { Refusal } from '@fermata/contract/errors'
import type { RecordView, TopicView } from '@fermata/contract/topics.schema'
import { ConnectionFailed, createClient, type Client } from '@fermata/sdk/client'
import { exitCodes, Failed, UsageError, type Machine } from './machine.ts'
import { tableOf } from './table.ts'
import type { Words } from './words.ts'

const usualUrl = 'http://127.0.0.1:7300'

function clientOf(words: Words, { env, clock }: Machine): Client {
  const url = words.url ?? env['FERMATA_URL'] ?? usualUrl
  const token = words.token ?? env['FERMATA_TOKEN']
  if (!URL.canParse(url)) throw new UsageError('--url takes the address of a server')
  if (token === undefined) throw new UsageError('a token is needed: --token or FERMATA_TOKEN')
  return createClient({ url, token, clock })
}

/** What the server answered; throws what it refused, and that it cannot be reached. */
async function got<T>(asking: Promise<Result<T, Refusal>>): Promise<T> {
  const answer = await asking.catch((error: unknown) => {
    if (error instanceof ConnectionFailed) throw new Failed('the server cannot be reached')
    throw error
  })
  if (answer.ok) return answer.value
  const { code, field, message } = answer.refusal
  throw new Failed(`${message} (${field === undefined ? code : `${code}, ${field}`})`)
}

function nameIn({ plain }: Words, rest = 0): string {
  const [name] = plain
  if (name === undefined || plain.length > 1 + rest) {
    throw new UsageError('the name of one topic is needed')
  }
  return name
}

/** The topics. */
export async function list(words: Words, machine: Machine): Promise<number> {
  const { rows, isCut } = await got(clientOf(words, machine).topics.list())
  if (words.json) for (const row of rows) machine.out(JSON.stringify(row))
  else {
    const head = ['TOPIC', 'PARTITIONS', 'RECORDS', 'BYTES']
    const lines = rows.map(({ name, partitions, records, bytes }) => [
      ...[name, partitions, records, bytes],
    ])
    for (const line of tableOf([head, ...lines])) machine.out(line)
  }
  if (isCut) machine.error('fermata: there are more topics than can be shown')
  return exitCodes.done
}

/** Makes one. */
export async function create(words: Words, machine: Machine): Promise<number> {
  const { partitions, settings } = words
  const made = await got(
    clientOf(words, machine).topics.add({
      body: {
        name: nameIn(words),
        settings: [...settings],
        ...(partitions !== undefined && { partitions }),
      },
    }),
  )
  tell(made, words, machine)
  return exitCodes.done
}

/** Shows one. */
export async function describe(words: Words, machine: Machine): Promise<number> {
  const topic = nameIn(words)
  tell(await got(clientOf(words, machine).topics.get({ params: { topic } })), words, machine)
  return exitCodes.done
}

function tell(topic: TopicView, { json }: Words, { out }: Machine): void {
  if (json) return out(JSON.stringify(topic))
  out(topic.name)
  for (const { name, value } of topic.settings) out(`  ${name} = ${value}`)
  const head = ['PARTITION', 'START', 'END', 'BYTES']
  const lines = topic.partitions.map(({ index, start, end, bytes }) => [index, start, end, bytes])
  for (const line of tableOf([head, ...lines])) out(line)
}

/** Publishes one record, or one for each line that comes in. */
export async function publish(words: Words, machine: Machine): Promise<number> {
  const topic = nameIn(words, 1)
  const client = clientOf(words, machine)
  const { key = null, partition } = words
  const send = async (values: readonly string[]): Promise<void> => {
    const records = values.map((value) => ({
      ...{ key, value },
      ...(partition !== undefined && { partition }),
    }))
    const sent = await got(client.records.publish({ params: { topic }, body: { records } }))
    for (const row of sent.rows) {
      machine.out(words.json ? JSON.stringify(row) : `${row.partition} ${row.offset}`)
    }
  }
  const [, value] = words.plain
  if (value !== undefined) await send([value])
  else for await (const lines of linesOf(machine.input)) await send(lines)
  return exitCodes.done
}

/** The lines of an input, as many at a time as one call takes. */
async function* linesOf(input: AsyncIterable<Uint8Array>): AsyncGenerator<string[]> {
  const decoder = new TextDecoder()
  const bytesMax = limits.bodyBytesMax / 2
  let rest = ''
  let lines: string[] = []
  let bytes = 0
  for await (const chunk of input) {
    const whole = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = whole.pop() ?? ''
    for (const line of whole) {
      if (lines.length === limits.publishRecordsMax || bytes + line.length > bytesMax) {
        yield lines
        lines = []
        bytes = 0
      }
      lines.push(line)
      bytes += line.length
    }
  }
  if (rest !== '') lines.push(rest)
  if (lines.length > 0) yield lines
}

/** How long to wait before it is looked again whether something has come. */
const followMs = 500

/** Shows records: the last ones, or from an offset on; with `--follow` also those that come. */
export async function consume(words: Words, machine: Machine): Promise<number> {
  const topic = nameIn(words)
  const client = clientOf(words, machine)
  const { partition = 0, limit = words.follow ? Infinity : limits.peekRowsMax } = words
  let { offset } = words
  let left = limit
  while (left > 0) {
    const page = await got(
      client.records.list({
        params: { topic },
        query: {
          ...{ partition, limit: Math.min(left, limits.peekRowsMax) },
          ...(offset !== undefined && { offset }),
        },
      }),
    )
    for (const row of page.rows) machine.out(words.json ? JSON.stringify(row) : lineOf(row))
    left -= page.rows.length
    const isAtEnd = page.next >= page.end
    if (isAtEnd && !words.follow) break
    offset = page.next
    if (isAtEnd) await new Promise<void>((go) => machine.clock.after(followMs, go))
  }
  return exitCodes.done
}

function lineOf({ offset, key, value }: RecordView): string {
  const text = (one: RecordView['key']): string => {
    if (one === null) return '-'
    return one.kind === 'hex' ? `0x${one.text}${one.isCut ? '…' : ''}` : one.text
  }
  return `${offset}\t${text(key)}\t${text(value)}`
}
