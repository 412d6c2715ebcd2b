import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { chromiumHere } from '@fermata/testkit/browser'
import { visit } from './browser.world.ts'
import { done, startDesk, type Desk } from './desk.world.ts'
import { until } from '@fermata/testkit/until'

const { skip } = chromiumHere
let desk: Desk
before(async () => {
  if (skip === false) desk = await startDesk()
})
after(() => desk?.close())

test(
  'a conversation that the desk merges while its customer looks at it goes on where it went',
  { skip },
  async () => {
    const { staff, inbox } = desk
    const context = await desk.browser.newContext({ locale: 'en-GB' })
    const { chat, open, say } = await visit(context, desk.host.origin)
    await open()
    await say('Does the glaze crack?')
    await chat.getByRole('button', { name: 'I’ll come back later' }).waitFor()
    const [row] = await desk.conversations()
    assert.ok(row)
    const message = { client: staff.newId(), text: 'Your order is on its way.' }
    const body = { inbox: inbox.id, contact: row.contact, message }
    const { conversation: into } = await done(staff.conversations.open({ body }))
    const params = { conversation: row.id }
    const { move } = await done(staff.conversations.merge({ params, body: { into: into.id } }))
    await chat.getByRole('listitem').filter({ hasText: 'Your order' }).waitFor()
    await chat.getByText('Does the glaze crack?').waitFor()
    await say('Thanks. And the glaze?')
    await chat.getByText('Thanks. And the glaze?').waitFor()
    await until('it has arrived', async () => (await desk.messages(into.id)).length === 3)
    const texts = (await desk.messages(into.id)).map(({ text }) => text)
    assert.deepEqual(texts, [
      'Your order is on its way.',
      'Does the glaze crack?',
      'Thanks. And the glaze?',
    ])
    await done(staff.moves.undo({ params: { move: move.id } }))
    const order = chat.getByRole('listitem').filter({ hasText: 'Your order is on its way.' })
    await order.waitFor({ state: 'detached' })
    await chat.getByText('Does the glaze crack?').waitFor()
    await context.close()
  },
)
