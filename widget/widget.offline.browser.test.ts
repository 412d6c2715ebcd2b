import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { BrowserContext } from 'playwright-core'
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

/** A message of the visitor that the server has. */
const arrivedMark = '.message.mine:not(.waiting, .sending, .sent)'

/** Lets nothing through to the API, while the program of the widget itself still loads. */
async function block(context: BrowserContext): Promise<() => Promise<void>> {
  const api = /\/v1\//
  let blocked = true
  await context.route(api, (route) => (blocked ? route.abort() : route.continue()))
  await context.routeWebSocket(api, (socket) => {
    if (blocked) void socket.close()
    else socket.connectToServer()
  })
  return async () => {
    blocked = false
    // What a browser does when the network is back: it tells every page.
    await context.setOffline(true)
    await context.setOffline(false)
  }
}

/** Everything in the inbox that was said by whoever said this, with the number of contacts so far. */
async function arrived(first: string) {
  const rows = await desk.conversations()
  const all = await Promise.all(rows.map(({ id }) => desk.messages(id)))
  return all
    .map((messages) => messages.map(({ text }) => text))
    .filter((texts) => texts[0] === first)
}

async function contactCount(): Promise<number> {
  return (await done(desk.staff.contacts.list())).rows.length
}

test(
  'first words without a connection survive a reload, and arrive once and in order',
  { skip },
  async () => {
    const before = await contactCount()
    const context = await desk.browser.newContext({ locale: 'en-GB' })
    const first = await visit(context, desk.host.origin)
    await first.open()
    await first.chat.getByText('Ask us about clay.').waitFor()
    await context.setOffline(true)
    await first.say('Hello from the train')
    await first.chat.getByText('Hello from the train').waitFor()
    await first.say('There is no network here')
    await first.chat.getByText('No connection.').waitFor()
    assert.equal(await first.chat.getByText('Kept here, not sent yet').count(), 2)
    await first.page.close()

    const unblock = await block(context)
    await context.setOffline(false)
    const second = await visit(context, desk.host.origin)
    await second.open()
    await second.chat.getByText('Kept here, not sent yet').nth(1).waitFor()
    assert.deepEqual(await second.said(), ['Hello from the train', 'There is no network here'])
    assert.equal(await contactCount(), before)

    await unblock()
    await second.page.close()

    // The next page sends it although nobody opens the panel.
    const third = await visit(context, desk.host.origin)
    await third.page.locator('fermata-chat iframe').waitFor({ state: 'attached' })
    await until(
      'both words are there',
      async () => (await arrived('Hello from the train'))[0]?.length === 2,
    )
    await third.open()
    await third.chat.locator(arrivedMark).nth(1).waitFor()
    assert.deepEqual(await third.said(), ['Hello from the train', 'There is no network here'])
    assert.deepEqual(await arrived('Hello from the train'), [
      ['Hello from the train', 'There is no network here'],
    ])
    assert.equal(await contactCount(), before + 1)
    await context.close()
  },
)

test(
  'when the answer to a send is lost, the send is repeated and nothing appears twice',
  { skip },
  async () => {
    const context = await desk.browser.newContext({ locale: 'en-GB' })
    let opens = 0
    // The feed must not tell of it either.
    await context.routeWebSocket(/\/v1\//, (socket) => void (opens > 1 || socket.close()))
    await context.route('**/v1/conversations', async (route) => {
      opens += 1
      if (opens > 1) return route.continue()
      // The server does it, and the network swallows what it says.
      await route.fetch()
      return route.abort()
    })
    const { open, say, chat, said } = await visit(context, desk.host.origin)
    await open()
    await say('Said once')
    await chat.getByRole('button', { name: 'I’ll come back later' }).waitFor()
    assert.ok(opens > 1, 'it was sent again')
    assert.deepEqual(await said(), ['Said once'])
    assert.deepEqual(await arrived('Said once'), [['Said once']])
    await context.close()
  },
)

test(
  'a page that is closed before it hears who the visitor is leaves the same visitor to the next',
  { skip },
  async () => {
    const before = await contactCount()
    const context = await desk.browser.newContext({ locale: 'en-GB' })
    const made = Promise.withResolvers<void>()
    let asked = 0
    await context.route('**/visitors', async (route) => {
      asked += 1
      if (asked > 1) return route.continue()
      // The server does it, and the page never hears of it.
      await route.fetch()
      made.resolve()
    })
    const first = await visit(context, desk.host.origin)
    await first.open()
    await first.say('Gone before the answer')
    await made.promise
    assert.equal(await contactCount(), before + 1)
    await first.page.close()

    const second = await visit(context, desk.host.origin)
    await second.open()
    await second.chat.locator(arrivedMark).waitFor()
    assert.equal(asked, 2)
    assert.deepEqual(await arrived('Gone before the answer'), [['Gone before the answer']])
    assert.equal(await contactCount(), before + 1)
    const names = await second.page.evaluate(() => Object.keys(localStorage))
    assert.ok(!names.some((name) => name.endsWith('.asked')), 'what was asked for is not kept on')
    await context.close()
  },
)

test(
  'two tabs with the same unsent first word make one visitor and one conversation',
  { skip },
  async () => {
    const before = await contactCount()
    const context = await desk.browser.newContext({ locale: 'en-GB' })
    const unblock = await block(context)
    const one = await visit(context, desk.host.origin)
    await one.open()
    // The words of the inbox cannot come, so the first word is put where a former page would have left it.
    const client = desk.staff.newId()
    const body = { inbox: desk.inbox.id, message: { client, text: 'From two tabs' } }
    const entry = {
      ...{ id: client, order: 1, at: 1, send: { kind: 'open', body }, state: 'waiting' },
      ...{ refusal: null, trouble: null, failures: 0, retryAt: 0 },
    }
    const name = `fermata.${desk.inbox.key}.out.${client}`
    await one.page.evaluate(
      ([key, value]) => localStorage.setItem(key!, value!),
      [name, JSON.stringify(entry)],
    )
    await one.page.reload()
    const two = await visit(context, desk.host.origin)
    for (const tab of [one, two]) {
      await tab.open()
      await tab.chat.getByText('Kept here, not sent yet').waitFor()
    }
    await unblock()
    for (const tab of [one, two]) {
      await tab.chat.getByRole('button', { name: 'I’ll come back later' }).waitFor()
      assert.deepEqual(await tab.said(), ['From two tabs'])
    }
    assert.deepEqual(await arrived('From two tabs'), [['From two tabs']])
    assert.equal(await contactCount(), before + 1)
    await context.close()
  },
)

test(
  'a server that is killed in between costs nothing: what was written then arrives once',
  { skip },
  async () => {
    const context = await desk.browser.newContext({ locale: 'en-GB' })
    const { open, say, chat, said } = await visit(context, desk.host.origin)
    await open()
    await say('Before the cut')
    await chat.getByRole('button', { name: 'I’ll come back later' }).waitFor()
    await desk.server.kill('SIGKILL')
    await say('During the cut')
    await chat.getByText('No connection.').waitFor()
    await desk.server.restart()
    await chat.locator(arrivedMark).nth(1).waitFor()
    await chat.getByText('No connection.').waitFor({ state: 'hidden' })
    assert.deepEqual(await said(), ['Before the cut', 'During the cut'])
    assert.deepEqual(await arrived('Before the cut'), [['Before the cut', 'During the cut']])
    await context.close()
  },
)

test(
  'a chat that could not be loaded says so, and loads when it is opened again',
  { skip },
  async () => {
    const context = await desk.browser.newContext({ locale: 'en-GB' })
    await context.route('**/widget/frame/*', (route) => route.abort())
    const { page, open, chat } = await visit(context, desk.host.origin)
    await open()
    // It says so only when some time has passed; until then it cannot be seen.
    await page
      .getByText('The chat does not answer.')
      .evaluate((text) => Promise.all(text.getAnimations().map(({ finished }) => finished)))
    await context.unroute('**/widget/frame/*')
    await page.getByRole('button', { name: 'Close the chat' }).click()
    await open()
    await chat.getByText('Ask us about clay.').waitFor()
    await context.close()
  },
)
