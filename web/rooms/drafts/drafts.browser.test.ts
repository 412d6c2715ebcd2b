import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { until } from '@fermata/testkit/until'
import { addVisitor, startWorld, value, type World } from '@fermata/testkit/world'
import { begins, chromiumHere, openDesk, saidIn, says, startBrowser } from '../../browser.world.ts'

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

test(
  'a draft follows from one browser to another, and is gone when it is sent',
  { skip },
  async () => {
    const vera = await addVisitor(world.url, world.website)
    const id = await begins(world, vera, 'Do you repair old lamps?')
    const path = `/inbox/all/${id}`
    const desk = await openDesk(browser, world.url, { as: world.ana, path })
    const phone = await openDesk(browser, world.url, {
      as: world.ana,
      path,
      context: { viewport: { width: 360, height: 740 } },
    })
    const here = desk.page.getByRole('textbox', { name: 'Reply' })
    const there = phone.page.getByRole('textbox', { name: 'Reply' })
    await there.waitFor()
    await here.fill('We do, if we find the parts')
    const words = 'We do, if we find the parts'
    await until('it is there', async () => (await there.inputValue()) === words)
    await desk.page.getByRole('link', { name: /^Drafts and scheduled 1$/ }).waitFor()
    await there.fill('We do, if we find the parts.')
    await phone.page.getByRole('button', { name: 'Send', exact: true }).click()
    await desk.page.getByRole('link', { name: /^Drafts and scheduled$/ }).waitFor()
    await until('nothing is left here', async () => (await here.inputValue()) === '')
    assert.deepEqual([...desk.faults, ...phone.faults], [])
    await desk.context.close()
    await phone.context.close()
  },
)

test(
  'send later, unless they answer first: shown waiting, held back, given a new time, sent now',
  { skip },
  async () => {
    const vera = await addVisitor(world.url, world.website)
    const id = await begins(world, vera, 'How much is the green bicycle?')
    const path = `/inbox/all/${id}`
    const { page, faults, context } = await openDesk(browser, world.url, { as: world.ben, path })
    const field = page.getByRole('textbox', { name: 'Reply' })
    await field.fill('Did you see our offer?')
    await page.getByRole('button', { name: 'More ways to send' }).click()
    await page.getByRole('menuitem', { name: 'Send later…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Send later' })
    await dialog.getByText('Unless they answer first').click()
    await dialog.getByRole('textbox', { name: 'When' }).fill('tomorrow 9')
    await page.keyboard.press('Enter')
    const waiting = page.getByRole('article', { name: 'A message that is sent later' })
    await waiting.getByText(/09:00, unless they answer first/).waitFor()
    await until('the field is empty', async () => (await field.inputValue()) === '')
    await page.getByRole('link', { name: /^Drafts and scheduled 1$/ }).click()
    await waiting.getByRole('button', { name: 'Edit' }).click()
    await page.getByRole('textbox', { name: 'Message' }).fill('Have you seen our offer?')
    await page.getByRole('button', { name: 'Save the change' }).click()
    await waiting.getByText('Have you seen our offer?').waitFor()
    await waiting.getByRole('button', { name: 'Cancel' }).click()
    const stopped = page.getByRole('article', { name: 'A message that was not sent' })
    await stopped.getByText('Not sent: you cancelled it').waitFor()
    await says(vera, id, 'It is too dear.')
    await stopped.getByRole('button', { name: 'Send now' }).click()
    await stopped.waitFor({ state: 'detached' })
    await page.getByText('What you begin to write').waitFor()
    assert.deepEqual(await saidIn(vera, id), [
      'How much is the green bicycle?',
      'It is too dear.',
      'Have you seen our offer?',
    ])
    assert.deepEqual(faults, [])
    await context.close()
  },
)

test(
  'colleagues see a shared draft, take it over, and one of them sends it',
  { skip },
  async () => {
    const vera = await addVisitor(world.url, world.website)
    const id = await begins(world, vera, 'May I bring it back?')
    const path = `/inbox/all/${id}`
    const ana = await openDesk(browser, world.url, { as: world.ana, path })
    const ben = await openDesk(browser, world.url, { as: world.ben, path })
    await ana.page.getByRole('textbox', { name: 'Reply' }).fill('You may, within a month')
    await ana.page.getByRole('button', { name: 'More ways to send' }).click()
    await ana.page.getByRole('menuitem', { name: 'Share as a draft' }).click()
    const shared = ben.page.getByRole('region', { name: 'Shared draft' })
    await shared.getByText('You may, within a month').waitFor()
    await shared.getByRole('button', { name: 'Take over' }).click()
    await shared.getByRole('textbox').fill('You may, within three months.')
    const hers = ana.page.getByRole('region', { name: 'Shared draft' })
    await hers.getByText('You may, within three months.').waitFor()
    await hers.getByText('Shared draft · Ben').waitFor()
    await hers.getByRole('button', { name: 'Send now' }).click()
    await shared.waitFor({ state: 'detached' })
    const params = { conversation: id }
    const { messages } = value(await world.ana.client.messages.list({ params }))
    assert.deepEqual(messages.map(({ author, text }) => [author.name, text]).slice(1), [
      ['Ana', 'You may, within three months.'],
    ])
    assert.deepEqual([...ana.faults, ...ben.faults], [])
    await ana.context.close()
    await ben.context.close()
  },
)
