import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startWorld, value } from './world.ts'

test('everybody in the world is who they should be and sees what is theirs', async (t) => {
  const world = await startWorld()
  t.after(() => world.server.close())
  const { olivia, ana, ben, bot, vera, viktor } = world
  const me = value(await olivia.client.me.get())
  assert.equal(me.workspace.name, 'Acme Bikes')
  assert.equal(me.member?.role, 'owner')
  const seen = async (person: typeof ana): Promise<string[]> =>
    value(await person.client.inboxes.list())
      .rows.map(({ name }) => name)
      .toSorted()
  assert.deepEqual(await seen(ana), ['Orders', 'Website'])
  assert.deepEqual(await seen(ben), ['Website'])
  assert.equal(value(await bot.client.me.get()).app?.name, 'bot')
  assert.equal(value(await vera.client.me.get()).contact, vera.contact.id)
  assert.notEqual(vera.contact.id, viktor.contact.id)
})

test('a world outlives a kill of its server, and nothing of it is left behind', async (t) => {
  const world = await startWorld()
  t.after(() => world.server.close())
  const { pid } = world.server
  await world.server.restart()
  assert.notEqual(world.server.pid, pid)
  assert.equal(value(await world.ana.client.me.get()).member?.name, 'Ana')
  await world.server.close()
  assert.throws(() => process.kill(world.server.pid, 0), /ESRCH/)
  await assert.rejects(fetch(world.url))
})
