import type { Answer } from '@fermata/contract/routes.schema'
import { timesOf, type Times } from './figures.ts'
import { Person } from './inbox.people.ts'
import { lanesUntil } from './kafka.flow.ts'
import { keepPace } from './pace.ts'
import { Wire } from './wire.ts'
import { asApp, buildWorld, newClientId, signIn } from './world.ts'

/** People at work, while the wire rests or is as busy as it can be. */
export interface PeopleOrder {
  readonly kind: 'people'
  readonly seconds: number
}

/** How long people have waited. */
export interface PeopleTimes {
  readonly posts: Times
  readonly pages: Times
  /** Records a second that went into the wire meanwhile. */
  readonly recordsPerSecond: number
}

const rates = { posts: 50, pages: 20 }

/** Posts and looks at a list for a while with a quiet wire, and then with a busy one. */
export async function people(
  port: number,
  kafkaPort: number,
  { seconds }: PeopleOrder,
): Promise<{ readonly quiet: PeopleTimes; readonly busy: PeopleTimes }> {
  const world = await buildWorld(port, { apps: 10, conversations: 60 })
  const wire = await Wire.open(port)
  const headers = await signIn(wire, port)
  wire.close()
  const apps = world.tokens.map((token) => new Person(port, asApp(token)))
  const owner = new Person(port, headers)
  const work = async (): Promise<Omit<PeopleTimes, 'recordsPerSecond'>> => {
    const [posts, pages]: [number[], number[]] = [[], []]
    const post = async (turn: number, dueMs: number): Promise<void> => {
      const conversation = world.conversations[turn % world.conversations.length]!
      const body = { client: newClientId(), text: 'What is said here is measured.' }
      await apps[turn % apps.length]!.must(
        'POST',
        `/v1/conversations/${conversation}/messages`,
        body,
      )
      posts.push(performance.now() - dueMs)
    }
    const look = async (_: number, dueMs: number): Promise<void> => {
      const page = await owner.must('GET', '/v1/conversations?list=all')
      const { rows } = page as Answer<'conversations.list'>
      if (rows.length !== 50) throw new Error(`a page has ${rows.length} rows`)
      pages.push(performance.now() - dueMs)
    }
    await Promise.all([
      keepPace({ perSecond: rates.posts, seconds, act: post }),
      keepPace({ perSecond: rates.pages, seconds, act: look }),
    ])
    return { posts: timesOf(posts), pages: timesOf(pages) }
  }
  await work()
  const quiet = await work()
  const load = await lanesUntil(kafkaPort, { partitions: 16, inFlight: 256 })
  const busy = await work()
  const recordsPerSecond = await load.end()
  return { quiet: { ...quiet, recordsPerSecond: 0 }, busy: { ...busy, recordsPerSecond } }
}
