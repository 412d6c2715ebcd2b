import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { until } from '@fermata/testkit/until'
import { addVisitor, startWorld, value, type World } from '@fermata/testkit/world'
import {
  begins,
  chromiumHere,
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

async function command(page: Page, name: string): Promise<void> {
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox').or(page.getByRole('searchbox')).first().fill(name)
  await page.keyboard.press('Enter')
}

test(
  'Ana merges what a customer wrote twice, by keyboard; Ben’s screen follows, and later takes it back',
  { skip },
  async () => {
    const vera = await addVisitor(world.url, world.website)
    const first = await begins(world, vera, 'The brake squeals.')
    const second = await begins(world, vera, 'Hello? The brake still squeals.')
    const at = (id: string) => ({ path: `/inbox/all/${id}` })
    const ana = await openDesk(browser, world.url, { as: world.ana, ...at(second) })
    const ben = await openDesk(browser, world.url, { as: world.ben, ...at(second) })
    for (const { page } of [ana, ben]) {
      await page.getByRole('log').getByText('Hello? The brake still squeals.').waitFor()
    }
    const field = ben.page.getByRole('textbox', { name: 'Reply' })
    await field.fill('Does it squeal when')
    await ben.page.getByRole('link', { name: /^Drafts and scheduled 1$/ }).waitFor()
    await ana.page.locator('h1').first().click()
    await command(ana.page, 'Merge into')
    const dialog = ana.page.getByRole('dialog', { name: 'Merge into another conversation' })
    const offered = dialog.getByRole('button', { name: /The brake squeals/ })
    await offered.and(ana.page.locator(':focus')).waitFor()
    await ana.page.keyboard.press('Enter')
    for (const { page } of [ana, ben]) {
      await page.waitForURL(new RegExp(first))
      const log = page.getByRole('log')
      await log.getByText('The brake squeals.', { exact: true }).waitFor()
      await log.getByText('Hello? The brake still squeals.').waitFor()
    }
    const isWritten = async () => (await field.inputValue()) === 'Does it squeal when'
    await until('what he was writing came along', isWritten)
    // A link to what is gone opens what it became.
    await ben.page.goto(`${world.url}/inbox/all/${second}`)
    await ben.page.waitForURL(new RegExp(first))
    await says(vera, second, 'It has stopped.')
    await ben.page.getByRole('log').getByText('It has stopped.').waitFor()
    await ben.page.getByRole('button', { name: 'Take it back' }).click()
    await ben.page.getByText('Taken back.').waitFor()
    await ben.page.getByRole('log').getByText('Hello?').waitFor({ state: 'detached' })
    await ben.page.goto(`${world.url}/inbox/all/${second}`)
    await until('it went back with the rest', isWritten)
    assert.deepEqual(await saidIn(vera, first), ['The brake squeals.', 'It has stopped.'])
    assert.deepEqual(await saidIn(vera, second), ['Hello? The brake still squeals.'])
    assert.deepEqual([...ana.faults, ...ben.faults], [])
    await ana.context.close()
    await ben.context.close()
  },
)

test(
  'what is split from a message on opens as a conversation of its own, and is taken back at once',
  { skip },
  async () => {
    const vera = await addVisitor(world.url, world.website)
    const id = await begins(world, vera, 'Do you sell bells?')
    await says(vera, id, 'And may I return the pump?')
    const phone = { viewport: { width: 360, height: 740 }, hasTouch: true }
    const { page, faults, context } = await openDesk(browser, world.url, {
      as: world.ana,
      path: `/inbox/all/${id}`,
      context: phone,
    })
    const pump = page.getByRole('article').filter({ hasText: 'return the pump' })
    await pump.getByRole('button', { name: /What to do/ }).click()
    await page.getByRole('menuitem', { name: 'Split from here…' }).click()
    await page.getByRole('textbox', { name: /new conversation is about/ }).fill('The pump')
    await page.getByRole('button', { name: 'Split', exact: true }).click()
    await page.getByRole('heading', { name: 'The pump' }).waitFor()
    assert.deepEqual(await saidIn(vera, id), ['Do you sell bells?'])
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.waitForURL(new RegExp(id))
    await page.getByRole('log').getByText('And may I return the pump?').waitFor()
    const said = ['Do you sell bells?', 'And may I return the pump?']
    assert.deepEqual(await saidIn(vera, id), said)
    assert.deepEqual(faults, [])
    await context.close()
  },
)

test(
  'a contact’s second address, and a contact who is the same person, stand on one card',
  { skip },
  async () => {
    const vera = await addVisitor(world.url, world.website)
    const id = await begins(world, vera, 'It is me again.')
    const { client } = world.olivia
    const known = value(
      await client.contacts.add({ body: { name: 'Vera Rossi', email: 'vera@rossi.example' } }),
    )
    const { page, faults, context } = await openDesk(browser, world.url, {
      as: world.ana,
      path: `/inbox/all/${id}`,
      context: unworked,
    })
    const card = page.getByRole('region', { name: 'Contact and details' })
    // The contacts come only after the last key was pressed, and are offered nevertheless.
    const typed = Promise.withResolvers<void>()
    await page.route('**/v1/contacts?*', async (route) => {
      await typed.promise
      await route.continue()
    })
    await card.getByRole('button', { name: 'Merge with…' }).click()
    const field = page.getByRole('combobox', { name: 'With' })
    await field.fill('vera@rossi.example')
    typed.resolve()
    await page.getByRole('option', { name: /Vera Rossi/ }).click()
    await page.getByRole('button', { name: 'Merge', exact: true }).click()
    await card.getByRole('heading', { name: 'Vera Rossi' }).waitFor()
    await card.getByRole('button', { name: 'Add an address' }).click()
    await page.getByRole('textbox', { name: 'Address' }).fill('vera@work.example')
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await card.getByText('vera@work.example').waitFor()
    const got = value(await client.contacts.card({ params: { contact: known.id } }))
    assert.deepEqual(
      got.addresses.map((address) => [address.value, address.primary]),
      [
        ['vera@rossi.example', true],
        ['vera@work.example', false],
      ],
    )
    await card.getByRole('button', { name: /^Take .* out again$/ }).click()
    await page.getByText('Contacts are two again.').waitFor()
    await card.getByRole('heading', { name: 'Vera Rossi' }).waitFor({ state: 'detached' })
    assert.deepEqual(faults, [])
    await context.close()
  },
)
