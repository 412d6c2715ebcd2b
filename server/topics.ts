import type { Result } from '@fermata/base/result'
import { refused, ok } from '@fermata/base/result'
import type { Caller } from '@fermata/contract/actors'
import { refusal, type ErrorCode, type Refusal } from '@fermata/contract/errors'
import { limits } from '@fermata/base/limits'
import type { Handlers } from '@fermata/people/handler'
import type { BrokerCode, BrokerRefusal } from '@fermata/wire/broker/refusals'
import type { WireDesk } from './wire.ts'

/** The routes of the wire: they are no room's, because people and wire know nothing of each other. */
export type TopicsRoute =
  'topics.list' | 'topics.add' | 'topics.get' | 'records.list' | 'records.publish' | 'groups.list'

/** The handlers of these routes. */
export function topicsHandlers({ ask, workspaceOf }: WireDesk): Handlers<TopicsRoute> {
  const of = ({ workspace }: Caller): Promise<string> => workspaceOf(workspace)
  const sheet = async (caller: Caller, name: string) =>
    said(await ask('topic', { workspace: await of(caller), name }))
  return {
    async 'topics.list'({ caller }) {
      const { rows, isCut } = await ask('topics', await of(caller))
      return ok({ rows: [...rows], isCut })
    },
    async 'topics.add'({ caller, body: { settings = [], ...wanted } }) {
      const made = await ask('createTopic', { workspace: await of(caller), ...wanted, settings })
      return made.ok ? sheet(caller, wanted.name) : said(made)
    },
    async 'topics.get'({ caller, params }) {
      return sheet(caller, params.topic)
    },
    async 'records.list'({ caller, params, query }) {
      const { partition = 0, limit: rowsMax = limits.peekRowsMax, offset } = query
      const order = { workspace: await of(caller), topic: params.topic, partition, rowsMax }
      return said(await ask('peek', { ...order, ...(offset !== undefined && { offset }) }))
    },
    async 'records.publish'({ caller, params, body }) {
      const records = body.records.map(({ key = null, ...rest }) => ({ key, ...rest }))
      const order = { workspace: await of(caller), topic: params.topic, records }
      const published = said(await ask('publish', order))
      return published.ok ? ok({ rows: [...published.value] }) : published
    },
    async 'groups.list'({ caller }) {
      const groups = await ask('groups', await of(caller))
      const rows = groups.map(({ group, state, members, partitions }) => ({
        ...{ group, state, members },
        topics: Array.from(
          Map.groupBy(partitions, ({ topic }) => topic),
          ([topic, those]) => ({
            topic,
            records: those.reduce((sum, { records }) => sum + records, 0),
            ms: Math.max(...those.map(({ ms }) => ms)),
          }),
        ),
      }))
      return ok({ rows })
    },
  }
}

/** What the wire says, as HTTP says it. */
function said<T>(answer: Result<T, BrokerRefusal>): Result<Mutable<T>, Refusal> {
  if (answer.ok) return answer as Result<Mutable<T>, Refusal>
  const { code, reason } = answer.refusal
  const known = codes[code] ?? 'internal'
  const field = fields[code]
  return refused(
    refusal(known, { ...(reason && { message: `${reason}.` }), ...(field && { field }) }),
  )
}

/** The same with lists that may be changed, as the types of answers have them. */
type Mutable<T> = T extends readonly (infer One)[]
  ? Mutable<One>[]
  : T extends object
    ? { -readonly [Key in keyof T]: Mutable<T[Key]> }
    : T

const codes: Readonly<Partial<Record<BrokerCode, ErrorCode>>> = {
  unknown_topic: 'not_found',
  unknown_partition: 'not_found',
  topic_exists: 'already_exists',
  invalid_topic: 'invalid_field',
  invalid_partitions: 'invalid_field',
  invalid_config: 'invalid_field',
  invalid_record: 'invalid_field',
  offset_out_of_range: 'invalid_field',
  policy: 'limit_reached',
  batch_too_large: 'too_large',
  storage: 'storage_full',
  overloaded: 'unavailable',
  ended: 'unavailable',
}

const fields: Readonly<Partial<Record<BrokerCode, string>>> = {
  topic_exists: 'name',
  invalid_topic: 'body.name',
  invalid_partitions: 'body.partitions',
  invalid_config: 'body.settings',
  invalid_record: 'body.records',
  offset_out_of_range: 'query.offset',
}
