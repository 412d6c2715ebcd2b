import assert from 'node:assert/strict'
import { test } from 'node:test'
import { routes, type RouteName } from '@fermata/contract/routes'
import { randomFrom, seededRandom, type SeededRandom } from '@fermata/testkit/random'
import { acts } from './mirror.acts.world.ts'
import { audience, setStage, type Stage } from './mirror.stage.world.ts'
import { roomsTest, type OpenRooms } from './rooms.grounds.world.ts'
import { fetchAll, follow, Refused, visible, type RoomsWorld, type Viewer } from './rooms.world.ts'

/** Every viewer, having applied what the feed told, sees what a fresh fetch shows. */
async function mirrored(world: RoomsWorld, viewers: readonly Viewer[], after: string) {
  for (const viewer of viewers) {
    viewer.caller = await world.asNow(viewer.caller)
    await follow(world, viewer)
    const fresh = await fetchAll(world, viewer.caller)
    assert.deepEqual(visible(viewer.state), visible(fresh), `${viewer.name} after ${after}`)
  }
}

/** Routes that write nothing which any list, thread or directory shows. */
const unseen: readonly RouteName[] = [
  'setup.do',
  'sessions.start',
  'sessions.end',
  'me.password',
  'apps.add',
  'apps.change',
  'apps.addToken',
  'apps.removeToken',
  'roles.add',
  'roles.remove',
  'invitations.add',
  'invitations.remove',
  'invitations.look',
  'letters.open',
  'workspaces.add',
  'members.reset',
  'members.endTwoFactor',
  'resets.ask',
  'resets.use',
  'twoFactor.begin',
  'twoFactor.confirm',
  'twoFactor.end',
  'twoFactor.renewCodes',
  'visitors.add',
  'uploads.add',
  'uploads.append',
  'uploads.remove',
  'inboxes.renewSecret',
  'smallTalk.put',
  'smallTalk.delete',
  'presence.put',
  'topics.add',
  'records.publish',
]

test('every route that writes is among the actions of the mirror test', () => {
  const done = new Set(Object.keys(acts).map((name) => name.split(/[ :]/, 1)[0]))
  for (const [name, route] of Object.entries(routes)) {
    if (route.method === 'GET' || unseen.includes(name as RouteName)) continue
    assert.ok(done.has(name), `${name} has no act`)
  }
})

async function opened(open: OpenRooms): Promise<{ stage: Stage; viewers: Viewer[] }> {
  const world = await open()
  const stage = await setStage(world)
  return { stage, viewers: await audience(stage) }
}

roomsTest(
  'after each action, what the feed tells equals a fresh fetch, for every kind of viewer',
  async (open) => {
    const { stage, viewers } = await opened(open)
    const random = randomFrom(1)
    for (const [name, act] of Object.entries(acts)) {
      await act(stage, random)
      await mirrored(stage.world, viewers, name)
    }
  },
)

async function anyOrder(open: OpenRooms, random: SeededRandom): Promise<void> {
  const { stage, viewers } = await opened(open)
  const names = Object.keys(acts)
  for (let round = 0; round < 12; round++) {
    const done: string[] = []
    for (let step = 1 + random.below(8); step > 0; step--) {
      const name = random.pick(names)
      stage.world.clock.advance(1 + random.below(1_000))
      const tried = await acts[name]!(stage, random).then(
        () => name,
        (error: unknown) => {
          if (!(error instanceof Refused)) throw error
          return `${name} (refused)`
        },
      )
      done.push(tried)
    }
    await mirrored(stage.world, viewers, done.join(', '))
  }
}

roomsTest('so it is after any actions in any order, told one by one or many at once', (open) =>
  anyOrder(open, seededRandom('mirror')),
)

roomsTest('seed 2567468987: an inbox that is gained shows what it held before', (open) =>
  anyOrder(open, randomFrom(2567468987)),
)
