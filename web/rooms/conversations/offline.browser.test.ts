import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { until } from '@fermata/testkit/until'
import { addVisitor, startWorld, type World } from '@fermata/testkit/world'
import {
  begins,
  chromiumHere,
  keepsWhatItShows,
  openDesk,
  saidIn,
  says,
  startBrowser,
  unworked,
} from '../../browser.world.ts'

const { skip } = chromiumHere
let browser: Browser
let world: World

before(async () => {
  if (skip) return
  ;[browser, world] = await Promise.all([startBrowser(), startWorld()])
})
after(async () => {
  await browser?.close()
  await world?.server.close()
})

/** Waits until the service worker has the shell, and what was seen of these words is kept. */
async function isKept(page: Page, words: string): Promise<void> {
  await until('the shell is kept', () =>
    page.evaluate(async () => {
      await navigator.serviceWorker.ready
      const cache = await caches.open('fermata-shell')
      return (await cache.keys()).length > 10
    }),
  )
  await keepsWhatItShows(page, words)
}

test(
  'what is written offline survives a reload without a network and arrives exactly once',
  { skip },
  async () => {
    const vera = await addVisitor(world.url, world.website)
    const id = await begins(world, vera, 'Does the bell come in brass?')
    const path = `/inbox/ours/${id}`
    const { page, context, faults } = await openDesk(browser, world.url, { as: world.olivia, path })
    await page.getByRole('log').getByText('brass').waitFor()
    await isKept(page, 'brass')
    await context.setOffline(true)
    const field = page.getByRole('textbox', { name: 'Reply' })
    await field.fill('It does.')
    await field.press('Control+Enter')
    await field.fill('And in black.')
    await field.press('Control+Enter')
    await field.fill('A draft that nobody has sent')
    await page.getByText('Waiting to be sent').first().waitFor()
    await page.getByText('Offline.').waitFor()
    await page.reload()
    // Everything that was there is there again, without a server.
    const log = page.getByRole('log')
    await log.getByText('Does the bell come in brass?').waitFor()
    await log.getByText('It does.').waitFor()
    await log.getByText('And in black.').waitFor()
    await page.getByRole('list', { name: 'Our turn' }).getByText(/brass/).waitFor()
    assert.equal(await field.inputValue(), 'A draft that nobody has sent')
    assert.deepEqual(await saidIn(vera, id), ['Does the bell come in brass?'])
    await context.setOffline(false)
    await page.locator('[data-number="3"]').waitFor()
    await page.locator('[data-pending]').waitFor({ state: 'detached' })
    const want = ['Does the bell come in brass?', 'It does.', 'And in black.']
    assert.deepEqual(await saidIn(vera, id), want)
    assert.deepEqual(
      faults.filter((fault) => !fault.includes('WebSocket')),
      [],
    )
    await context.close()
  },
)

test(
  'after the server was killed nothing on the screen is stale, and nothing is said twice',
  { skip },
  async () => {
    const vera = await addVisitor(world.url, world.website)
    const id = await begins(world, vera, 'First')
    const path = `/inbox/ours/${id}`
    const { page, context } = await openDesk(browser, world.url, { as: world.olivia, path })
    const log = page.getByRole('log')
    await log.getByText('First').waitFor()
    await world.server.kill()
    const field = page.getByRole('textbox', { name: 'Reply' })
    await field.fill('Written while it was down')
    await field.press('Control+Enter')
    await page.getByText('Waiting to be sent').waitFor()
    await world.server.restart()
    // The customer's word: a colleague's answer would overtake what waits.
    await says(vera, id, 'Said meanwhile')
    await log.getByText('Said meanwhile').waitFor({ timeout: 60_000 })
    await page.locator('[data-pending]').waitFor({ state: 'detached', timeout: 60_000 })
    const said = await saidIn(vera, id)
    assert.equal(said.filter((text) => text === 'Written while it was down').length, 1)
    const shown = await log.getByRole('article').locator('.prose').allInnerTexts()
    assert.deepEqual(shown, said)
    await page.getByText(/Offline\.|Reconnecting/).waitFor({ state: 'detached', timeout: 60_000 })
    await context.close()
  },
)

test('a message that the server refuses stays, and can be discarded', { skip }, async () => {
  const vera = await addVisitor(world.url, world.website)
  const id = await begins(world, vera, 'Hello?')
  const path = `/inbox/ours/${id}`
  const { page, context } = await openDesk(browser, world.url, {
    as: world.olivia,
    path,
    context: unworked,
  })
  const refusal = { error: { code: 'limit_reached', message: 'full', limit: 7 } }
  await page.route('**/messages', async (route) => {
    if (route.request().method() !== 'POST') return route.continue()
    return route.fulfill({ status: 422, json: refusal })
  })
  await page.getByRole('textbox', { name: 'Reply' }).fill('Nobody will take this')
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  await page.getByText('Not sent. The limit of 7 is reached.').waitFor()
  await page.unroute('**/messages')
  await page.getByRole('button', { name: 'Send again' }).click()
  await page.locator('[data-number="2"]').waitFor()
  assert.deepEqual(await saidIn(vera, id), ['Hello?', 'Nobody will take this'])
  await context.close()
})
