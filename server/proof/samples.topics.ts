import type { RouteName } from '@fermata/contract/routes'
import type { Name } from './cast.ts'
import type { Play } from './play.ts'
import type { Request, Sample } from './samples.ts'

type TopicsRoute = Extract<RouteName, `${'topics' | 'records' | 'groups'}.${string}`>

/** Whom the wire of this workspace belongs to. */
const ours: readonly Name[] = ['owner', 'admin', 'app']

/** Makes a topic with a record in it, of which nobody else learns anything. */
async function topic(play: Play): Promise<string> {
  const name = play.keep(play.word('topic'), ours)
  await play.ask('owner', 'POST /v1/topics', { name })
  const value = play.keep(play.word('record'), ours)
  await play.ask('owner', `POST /v1/topics/${name}/records`, { records: [{ value }] })
  return name
}

function ofTopic(request: Omit<Request, 'path'> = {}): Sample {
  return { may: ours, build: async (play) => ({ ...request, path: [await topic(play)] }) }
}

/** How the routes of topics are called. */
export const topicSamples: Readonly<Record<TopicsRoute, readonly Sample[]>> = {
  'topics.list': [{ build: async (play) => ({ shows: { text: await topic(play), to: ours } }) }],
  'topics.add': [{ build: (play) => ({ body: { name: play.word('topic') } }) }],
  'topics.get': [ofTopic()],
  'records.list': [ofTopic(), ofTopic({ query: { partition: '0', offset: '0', limit: '1' } })],
  'records.publish': [ofTopic({ body: { records: [{ key: 'k', value: 'v' }] } })],
  'groups.list': [{ build: () => ({}) }],
}
