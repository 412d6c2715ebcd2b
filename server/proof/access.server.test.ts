import assert from 'node:assert/strict'
import { test } from 'node:test'
import { limits } from '@fermata/base/limits'
import { rolePermissions, type Scope } from '@fermata/contract/permissions'
import { routes, type Route, type RouteName } from '@fermata/contract/routes'
import { ask } from './asking.ts'
import { makeCast, type Actor, type Name } from './cast.ts'
import { openHouse } from './house.ts'
import { leaks, Play } from './play.ts'
import { samples, type Request, type Sample } from './samples.ts'

const names: readonly Name[] = [
  'nobody',
  'owner',
  'admin',
  'agentInside',
  'agentOutside',
  'staffInside',
  'guest',
  'app',
  'visitor',
  'otherVisitor',
  'foreignOwner',
  'foreignApp',
  'foreignVisitor',
  'deactivatedMember',
  'signedOutMember',
  'removedApp',
]

/** What a request must be answered for one of the cast. */
const expected = (route: Route, sample: Sample, { name, who }: Actor): number[] | 'done' => {
  if (sample.closed !== undefined) return [409]
  if (route.who.includes('anyone')) return 'done'
  if (who === null) return [401]
  if (!lets(route, who)) return [403]
  if (sample.mistakeOf?.includes(name) === true) return [400]
  return sample.may === undefined || sample.may.includes(name) ? 'done' : [403, 404]
}

/** Whether the table lets somebody call a route at all: the rule is written here a second time. */
const lets = (route: Route, who: NonNullable<Actor['who']>): boolean => {
  if (who === 'contact' || who === 'app') return route.who.includes(who)
  const held = rolePermissions[who]
  const { permission, floor } = route
  return (
    route.who.includes('anyMember') ||
    (route.who.includes('member') &&
      [permission, floor].some((one) => one !== undefined && held.includes(one)))
  )
}

const lineOf = (route: Route, { path = [], query = {} }: Request): string => {
  const values = [...path]
  const filled = route.path.replaceAll(/:\w+/g, () => values.shift() ?? '')
  assert.equal(values.length, 0, `${route.path} takes fewer values`)
  const search = new URLSearchParams(query).toString()
  return `${route.method} ${filled}${search === '' ? '' : `?${search}`}`
}

test('every route of the table has samples', () => {
  for (const name of Object.keys(routes)) {
    assert.ok(samples[name as RouteName]?.length > 0, `${name} has no sample in the access matrix`)
  }
})

test('every route, by everybody: what is not theirs is refused, and what is theirs succeeds', async (t) => {
  const house = await openHouse(t)
  const play = new Play(await makeCast(house))
  const { actors } = play.cast

  const call = async (actor: Actor, route: Route, request: Request) => {
    const line = lineOf(route, request)
    // How often somebody may call is not what this is about.
    house.skip(limits.signInWindowMs)
    const credentials = { ...actor.credentials, ...request.headers }
    const answer = await ask(house.url, line, credentials, request.body)
    const said = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body)
    const isPublic = route.who.includes('anyone')
    const asked = `${line} ${JSON.stringify(request.body)} ${isPublic ? play.cast.inbox : ''}`
    assert.deepEqual(leaks(play.secrets, actor, asked, said), [], `${line} by ${actor.name} leaks`)
    return { status: answer.status, said }
  }

  /** What somebody has done since a position. Time goes on meanwhile, and does things by itself. */
  const doneSince = async (before: number) => {
    const head = await play.position()
    if (head === before) return []
    const request = `GET /v1/feed?since=${before}&limit=${limits.feedPageEventsMax}`
    const { events } = await play.ask<'feed.read'>('owner', request)
    const byTime = events.filter(({ actor }) => actor === null)
    return byTime.length === head - before ? [] : [before, head, events]
  }

  for (const [name, ways] of Object.entries(samples)) {
    const route: Route = routes[name as RouteName]
    for (const sample of ways) {
      await t.test(`${name} ${sample.what ?? ''}`.trim(), async () => {
        const lacking = route.who.includes('app')
          ? [await play.cast.without(route.permission as Scope)]
          : []
        const everybody = [...names.map((one) => actors[one]), ...lacking]
        const mayDo = everybody.filter(
          (actor) => !lacking.includes(actor) && expected(route, sample, actor) === 'done',
        )
        const first = mayDo[0]?.name ?? 'owner'
        const target = await sample.build(play, first)
        const before = await play.position()
        for (const actor of everybody.filter((one) => !mayDo.includes(one))) {
          const { status, said } = await call(actor, route, target)
          const right = lacking.includes(actor) ? [403] : expected(route, sample, actor)
          const title = `${actor.name}${lacking.includes(actor) ? ' without the scope' : ''}`
          assert.ok(right.includes(status as never), `${title} is answered ${status}: ${said}`)
          if (sample.closed !== undefined) assert.match(said, new RegExp(sample.closed))
        }
        assert.deepEqual(await doneSince(before), [], 'what was refused has changed nothing')

        for (const [index, actor] of mayDo.entries()) {
          const request = index === 0 ? target : await sample.build(play, actor.name)
          const { status, said } = await call(actor, route, request)
          assert.ok(status < 300, `${actor.name} may, and is answered ${status}: ${said}`)
          if (request.shows?.to.includes(actor.name) === true) {
            assert.ok(said.includes(request.shows.text), `${actor.name} sees what is theirs`)
          }
        }
      })
    }
  }
  assert.deepEqual(house.logged, [])
})
