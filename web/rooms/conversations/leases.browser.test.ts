import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import type { ConversationId } from '@fermata/base/ids'
import { addVisitor, startWorld, value, type World } from '@fermata/testkit/world'
import {
  begins,
  chromiumHere,
  openDesk,
  saidIn,
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

function rows(page: Page) {
  return page.getByRole('list', { name: /My turn|Unassigned|Our turn|All/ }).getByRole('link')
}

test(
  'what Ana takes is hers on every screen; a reply of Ben’s is refused by her name and kept',
  { skip },
  async () => {
    const vera = await addVisitor(world.url, world.website)
    const id = await begins(world, vera, 'The saddle is loose.')
    const path = `/inbox/ours/${id}`
    const ana = await openDesk(browser, world.url, { as: world.ana, path })
    const ben = await openDesk(browser, world.url, { as: world.ben, path })
    await ben.page.getByRole('log').getByText('The saddle is loose.').waitFor()
    const field = ben.page.getByRole('textbox', { name: 'Reply' })
    await field.fill('I will look into it.')

    await ana.page.getByRole('log').getByText('The saddle is loose.').waitFor()
    await ana.page.keyboard.press('i')
    await ana.page.getByText(/You hold this until/).waitFor()
    await ben.page.getByText(/Ana holds this until/).waitFor()
    await rows(ben.page).filter({ hasText: 'saddle' }).getByText('Held by Ana').waitFor()
    // It is not Ben's turn any more, and it is Ana's.
    await ben.page.getByRole('link', { name: /^My turn$/ }).waitFor()
    await ana.page.getByRole('link', { name: /^My turn 1$/ }).waitFor()

    await field.press('Control+Enter')
    await ben.page.getByText('Ana holds this conversation.').waitFor()
    await ben.page.getByRole('log').getByText('I will look into it.').waitFor()
    assert.deepEqual(await saidIn(vera, id), ['The saddle is loose.'])

    const body = {
      ...{ name: 'Stella', email: 'stella@example.com', role: 'staff' as const },
      password: 'held as long as you like',
    }
    value(await world.olivia.client.members.add({ body }))
    await ana.page.locator('h1').first().click()
    await ana.page.keyboard.press('a')
    const dialog = ana.page.getByRole('dialog', { name: 'Hand over' })
    await dialog.getByRole('button', { name: /To whom/ }).click()
    await ana.page.getByRole('option', { name: 'Ben' }).waitFor()
    const reads = ana.page.getByRole('option', { name: 'Stella' })
    assert.equal(await reads.count(), 0, 'who only reads along is not offered')
    await ana.page.getByRole('option', { name: 'Ben' }).click()
    await dialog.getByRole('textbox', { name: 'A note for them' }).fill('She calls at five.')
    await dialog.getByRole('button', { name: 'Hand over' }).click()
    await ben.page.getByText(/You hold this until/).waitFor()
    await ben.page.getByText('Ana: She calls at five.').waitFor()
    await ben.page.getByText(/Ana handed it to You|Ana handed it to you/i).waitFor()

    await ben.page.getByRole('button', { name: 'Send again' }).click()
    await ben.page.getByText(/You hold this until/).waitFor({ state: 'detached' })
    assert.deepEqual(await saidIn(vera, id), ['The saddle is loose.', 'I will look into it.'])
    const held = ben.page.getByRole('heading', { name: 'Who held it' })
    await held.waitFor()
    await ben.page.getByRole('listitem').filter({ hasText: 'handed over' }).waitFor()
    assert.deepEqual([...ana.faults, ...ben.faults], [])
    await ana.context.close()
    await ben.context.close()
  },
)

test('one key takes the next that is free, and says when there is none', { skip }, async () => {
  const vera = await addVisitor(world.url, world.website)
  const first = await begins(world, vera, 'Is the blue one back?')
  const urgent = await begins(world, vera, 'The brake has failed!')
  const params = { conversation: urgent }
  const { client } = world.olivia
  value(await client.conversations.change({ params, body: { urgency: 'urgent' } }))
  const { page, faults, context } = await openDesk(browser, world.url, { as: world.ana })
  await rows(page).filter({ hasText: 'brake' }).waitFor()
  await page.locator('h1').first().focus()
  for (const id of [urgent, first]) {
    await page.keyboard.press('Shift+I')
    await page.waitForURL(new RegExp(id))
    await page.getByText(/You hold this until/).waitFor()
  }
  await page.keyboard.press('Shift+I')
  await page.getByText('Nothing is free at the moment.').waitFor()
  const back = page.getByRole('button', { name: 'Give it back' })
  await back.click()
  await page.getByText('Given back to everybody').waitFor()
  assert.deepEqual(faults, [])
  await context.close()
})

test(
  'a refused hand-over or pass keeps its words, and nothing says it was done',
  { skip },
  async () => {
    const vera = await addVisitor(world.url, world.website)
    const id = await begins(world, vera, 'My chain squeaks.')
    const params = { conversation: id }
    const { leases } = world.olivia.client
    value(await leases.hand({ params, body: { holder: world.ana.id, note: '' } }))
    const path = `/inbox/myTurn/${id}`
    const { page, faults, context } = await openDesk(browser, world.url, { as: world.ana, path })
    await page.getByText(/You hold this until/).waitFor()
    await page.getByRole('button', { name: 'Pass…' }).click()
    const pass = page.getByRole('dialog', { name: 'Pass' })
    const reason = pass.getByRole('textbox')
    await reason.fill('I know nothing of chains.')
    // Meanwhile somebody gives it to Ben.
    value(await leases.hand({ params, body: { holder: world.ben.id, note: '' } }))
    await page.getByText(/Ben holds this until/).waitFor()
    await pass.getByRole('button', { name: 'Pass', exact: true }).click()
    await pass.getByRole('alert').getByText('Ben holds this conversation.').waitFor()
    assert.equal(await reason.inputValue(), 'I know nothing of chains.')
    assert.equal(await page.getByText('Passed').count(), 0)
    assert.match(page.url(), new RegExp(id))
    // Ana gets it again, and what she wrote does.
    value(await leases.hand({ params, body: { holder: world.ana.id, note: '' } }))
    await pass.getByRole('button', { name: 'Pass', exact: true }).click()
    await pass.waitFor({ state: 'detached' })
    await page.getByText('Passed').waitFor()
    assert.deepEqual(faults, [])
    await context.close()
  },
)

/** Ana has these in hand, and looks at the first of them; what she passes stays on its way until it is let go. */
async function anaHolds(...texts: readonly string[]) {
  const vera = await addVisitor(world.url, world.website)
  const ids: ConversationId[] = []
  const { leases } = world.olivia.client
  for (const text of texts) {
    const conversation = await begins(world, vera, text)
    const body = { holder: world.ana.id, note: '' }
    value(await leases.hand({ params: { conversation }, body }))
    ids.push(conversation)
  }
  const path = `/inbox/myTurn/${ids[0]}`
  const desk = await openDesk(browser, world.url, { as: world.ana, path, context: unworked })
  const { page } = desk
  await page.getByText(/You hold this until/).waitFor()
  const onItsWay = Promise.withResolvers<void>()
  await page.route('**/pass', async (route) => {
    await onItsWay.promise
    await route.continue()
  })
  const pass = page.getByRole('dialog', { name: 'Pass' })
  const passes = async (): Promise<void> => {
    await page.getByRole('button', { name: 'Pass…' }).click()
    await pass.getByRole('textbox').fill('Not mine.')
    await pass.getByRole('button', { name: 'Pass', exact: true }).click()
  }
  return { ...desk, ids, pass, passes, letGo: () => onItsWay.resolve() }
}

test(
  'what is handed over makes room for the one below it, unless another was opened meanwhile',
  { skip },
  async () => {
    const { page, context, ids, pass, passes, letGo } = await anaHolds(
      'A bell',
      'A lamp',
      'A tyre',
      'A lock',
    )
    const row = (text: string) => rows(page).filter({ hasText: text })
    await row('A lamp').click()
    await page.getByRole('log').getByText('A lamp').waitFor()
    await passes()
    await page.keyboard.press('Escape')
    await pass.waitFor({ state: 'detached' })
    await row('A lock').click()
    await page.waitForURL(new RegExp(ids[3]!))
    letGo()
    await page.getByText('Passed').waitFor()
    assert.match(page.url(), new RegExp(ids[3]!))
    await row('A tyre').click()
    await page.getByRole('log').getByText('A tyre').waitFor()
    await page.locator('h1').first().click()
    await page.keyboard.press('a')
    const hand = page.getByRole('dialog', { name: 'Hand over' })
    await hand.getByRole('button', { name: 'Hand over' }).click()
    await hand.waitFor({ state: 'detached' })
    await page.waitForURL((url) => !url.href.includes(ids[2]!))
    assert.match(page.url(), new RegExp(ids[3]!))
    await context.close()
  },
)

test('who has closed the dialog hears of a refusal all the same', { skip }, async () => {
  const { page, context, ids, pass, passes, letGo } = await anaHolds('Who knows of brakes?')
  await passes()
  await page.keyboard.press('Escape')
  await pass.waitFor({ state: 'detached' })
  const body = { holder: world.ben.id, note: '' }
  value(await world.olivia.client.leases.hand({ params: { conversation: ids[0]! }, body }))
  letGo()
  await page.getByText('Ben holds this conversation.').waitFor()
  await context.close()
})

for (const [language, words] of [
  ['en-GB', /You hold this until/],
  ['it-IT', /L’hai in mano tu fino a/],
] as const) {
  test(`on a phone nothing of it sticks out (${language})`, { skip }, async () => {
    const vera = await addVisitor(world.url, world.website)
    const id = await begins(world, vera, 'Does it fit a child of six?')
    const body = { holder: world.ana.id, note: 'A long note, so that it needs more than one line.' }
    value(await world.olivia.client.leases.hand({ params: { conversation: id }, body }))
    const screen = { viewport: { width: 360, height: 740 }, locale: language }
    const { page, context } = await openDesk(browser, world.url, {
      ...{ as: world.ana, path: `/inbox/myTurn/${id}` },
      context: screen,
    })
    await page.getByText(words).waitFor()
    const wide = await page.evaluate(() => document.documentElement.scrollWidth)
    assert.ok(wide <= 360, `${wide} px`)
    await context.close()
  })
}
