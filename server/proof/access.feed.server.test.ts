import assert from 'node:assert/strict'
import { test } from 'node:test'
import { limits } from '@fermata/base/limits'
import type { AnyEvent } from '@fermata/contract/events.schema'
import { bearer, mustAsk } from './asking.ts'
import { makeCast, type Actor, type Name } from './cast.ts'
import { openHouse } from './house.ts'
import { hearPages, hearSocket, hearStream, type Heard } from './listeners.ts'
import { inside, leaks, Play, staff } from './play.ts'
import { newClientId } from './talkers.ts'

/** What members say among themselves: in a private channel of one of them, and two of them directly. */
const amongMembers = async (play: Play) => {
  const [alone, both] = [['agentInside'], ['agentInside', 'agentOutside']] as const
  const body = { name: play.keep(play.word('channel'), alone), visibility: 'private' }
  const { id } = await play.ask<'channels.add'>('agentInside', 'POST /v1/channels', body)
  const inDen = play.keep(play.word('in-the-den'), alone)
  const message = { client: newClientId(), text: inDen }
  const topic = { subject: play.keep(play.word('topic'), alone), message }
  await play.ask('agentInside', `POST /v1/channels/${id}/conversations`, topic)
  const others = { members: [play.cast.agentOutside] }
  const { conversation } = await play.ask<'directs.open'>('agentInside', 'POST /v1/directs', others)
  const directly = play.keep(play.word('directly'), both)
  const path = `POST /v1/conversations/${conversation.id}/messages`
  await play.ask('agentInside', path, { client: newClientId(), text: directly })
  play.keep(id, alone)
  play.keep(conversation.id, both)
  return { inDen, directly }
}

/** Makes events of every kind about the inside, and some that are only for one person. */
const perform = async (play: Play) => {
  const first = await play.conversation()
  const reply = await play.say('agentInside', first)
  const note = await play.say('owner', first, 'note')
  const path = `/v1/conversations/${first}`
  await play.ask('agentInside', `PATCH /v1/messages/${reply}`, { text: 'said otherwise' })
  await play.ask('owner', `PATCH /v1/messages/${note}`, { text: play.keep('noted-otherwise', []) })
  await play.ask('owner', `DELETE /v1/messages/${note}`)
  await play.ask('visitor', `PUT ${path}/pause`, {})
  await play.ask('visitor', `DELETE ${path}/pause`)
  await play.ask('owner', `PUT ${path}/pause`, { reason: play.keep('our-reason', []) })
  await play.ask('owner', `DELETE ${path}/pause`)
  await play.ask('owner', `PUT ${path}/resolution`)
  await play.ask('owner', `DELETE ${path}/resolution`)
  await play.ask('owner', `PUT ${path}/participants/${play.cast.agentInside}`)
  await play.ask('agentInside', `PUT ${path}/archive`)
  const among = await amongMembers(play)
  await play.ask('otherVisitor', 'POST /v1/conversations', {
    inbox: play.cast.inbox,
    message: {
      client: newClientId(),
      text: play.keep('the-other-visitor-says', [...staff, 'otherVisitor']),
    },
  })
  return { first, reply, note, among }
}

const everyDoor = [
  ['pages', hearPages],
  ['socket', hearSocket],
  ['stream', hearStream],
] as const

const readers: readonly Name[] = [
  'owner',
  'agentInside',
  'agentOutside',
  'admin',
  'staffInside',
  'guest',
  'app',
  'visitor',
  'otherVisitor',
  'foreignOwner',
  'foreignApp',
  'foreignVisitor',
]

const shut: readonly Name[] = ['nobody', 'deactivatedMember', 'signedOutMember', 'removedApp']

test('the feed gives everybody what is theirs through every door, and nothing else', async (t) => {
  const house = await openHouse(t)
  const play = new Play(await makeCast(house))
  const { first, reply, note, among } = await perform(play)
  const { actors } = play.cast
  const conversationsIn = (events: readonly AnyEvent[]) =>
    new Set(events.map(({ conversation }) => conversation))

  const listen = async (actor: Actor, hear: typeof hearPages): Promise<Heard> => {
    house.skip(limits.requestWindowMs)
    const { position } = await mustAsk<'me.get'>(house.url, 'GET /v1/me', actor.credentials)
    return hear(house.url, actor.credentials, position)
  }

  for (const name of readers) {
    await t.test(`as ${name}`, async () => {
      const actor = actors[name]
      const heard = await Promise.all(everyDoor.map(([, hear]) => listen(actor, hear)))
      for (const [index, one] of heard.entries()) {
        const door = everyDoor[index]?.[0]
        assert.equal(one.refused, null, `${name} may follow by ${door}`)
        assert.deepEqual(leaks(play.secrets, actor, '', one.text), [], `${door} leaks to ${name}`)
        assert.deepEqual(one.events, heard[0]?.events, `${door} tells ${name} what pages tell`)
      }
      const [pages] = heard
      const isInside = inside.includes(name)
      assert.equal(conversationsIn(pages?.events ?? []).has(first), isInside)
      assert.equal(pages?.text.includes(reply), isInside, 'a reply is for those who take part')
      assert.equal(pages?.text.includes(note), isInside && name !== 'visitor', 'a note is not')
      assert.equal(pages?.text.includes(among.inDen), name === 'agentInside')
      const isPart = name === 'agentInside' || name === 'agentOutside'
      assert.equal(pages?.text.includes(among.directly), isPart)
      const own = pages?.events.filter(({ type }) => type === 'mine.changed') ?? []
      if (name === 'agentInside') assert.ok(own.length > 0)
      assert.ok(
        own.every((event) => event.actor === play.cast.agentInside || name !== 'agentInside'),
      )
      if (name !== 'agentInside')
        assert.ok(own.every(({ actor }) => actor !== play.cast.agentInside))
    })
  }

  for (const name of shut) {
    await t.test(`as ${name}`, async () => {
      for (const [door, hear] of everyDoor) {
        const { refused, text } = await hear(house.url, actors[name].credentials, 1)
        assert.equal(refused, 401, `${door} is shut for ${name}`)
        assert.deepEqual(leaks(play.secrets, actors[name], '', text), [])
      }
    })
  }

  await t.test('as an app without the scope', async () => {
    const lacking = await play.cast.without('feed:read')
    for (const [door, hear] of everyDoor) {
      const { refused } = await hear(house.url, lacking.credentials, 1)
      assert.equal(refused, 403, `${door} is shut for an app that may not read the feed`)
    }
  })

  await t.test('as an app that may read the feed and nothing else', async () => {
    const body = { name: 'ears', scopes: ['feed:read'] }
    const { token } = await play.ask<'apps.add'>('owner', 'POST /v1/apps', body)
    const ears: Actor = { name: 'nobody', credentials: bearer(token), who: 'app' }
    const words = play.secrets.filter(({ text }) => !/^[a-z]{3}_/.test(text))
    for (const [door, hear] of everyDoor) {
      const { events, text } = await hear(house.url, ears.credentials, await play.position())
      assert.ok(events.length > 0)
      assert.deepEqual(leaks(words, ears, '', text), [], `${door} tells it words`)
    }
  })
  assert.deepEqual(house.logged, [])
})
