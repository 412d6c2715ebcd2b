import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { until } from '@fermata/testkit/until'
import { addVisitor, startWorld, value, type World } from '@fermata/testkit/world'
import {
  begins,
  chromiumHere,
  labelled,
  openDesk,
  saidIn,
  says,
  startBrowser,
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
  return page.getByRole('list', { name: /My turn|Our turn|All/ }).getByRole('link')
}

test(
  'a reply is written once, found behind a slash, filled in and counted; a “thanks!” wakes nobody',
  { skip },
  async () => {
    const vera = await addVisitor(world.url, world.website)
    const { contact } = vera
    const named = { params: { contact: contact.id }, body: { name: 'Vera Ünal' } }
    value(await world.olivia.client.contacts.change(named))
    const id = await begins(world, vera, 'Where is my bell?')
    const { page, context, faults } = await openDesk(browser, world.url, {
      as: world.olivia,
      path: '/settings/replies',
    })
    await page.getByRole('button', { name: 'Add a reply' }).first().click()
    const dialog = page.getByRole('dialog', { name: 'Add a reply' })
    await dialog.getByRole('textbox', { name: 'Title' }).fill('Delayed')
    await dialog.getByRole('textbox', { name: 'Shortcut' }).fill('late')
    const body = dialog.getByRole('textbox', { name: 'Text' })
    await body.fill('Hello {{contact.first_name}}, it is late.')
    await dialog.getByRole('button', { name: 'Add a reply' }).click()
    await dialog.getByText(/\{\{contact\.first_name\}\} may be missing/).waitFor()
    await body.fill('Hello {{contact.first_name|there}}, it is late. {{agent.name}}')
    await dialog.getByRole('button', { name: 'Add a reply' }).click()
    await page.getByText('never sent').waitFor()

    await page.goto(`${world.url}/inbox/ours/${id}`)
    const field = page.getByRole('textbox', { name: 'Reply' })
    await field.pressSequentially('/del')
    await page.getByRole('option', { name: /Delayed/ }).waitFor()
    await page.keyboard.press('Enter')
    await page.keyboard.type(' Sorry!')
    await field.press('Control+Enter')
    const text = 'Hello Vera, it is late. Olivia Sorry!'
    await page.locator('[data-number="2"]', { hasText: text }).waitFor()
    await says(vera, id, 'Thanks! \u{1f44d}')
    await page.getByText('Taken for small talk, so it woke nobody.').waitFor()
    assert.deepEqual((await saidIn(vera, id)).slice(1), [text, 'Thanks! \u{1f44d}'])
    const turn = async () => {
      const answer = value(
        await world.olivia.client.conversations.get({ params: { conversation: id } }),
      )
      return 'turn' in answer.conversation ? answer.conversation.turn : ''
    }
    assert.equal(await turn(), 'theirs')
    await page.getByRole('button', { name: 'Make it our turn' }).click()
    await page.getByText('It is our turn.').waitFor()
    await rows(page).filter({ hasText: 'Thanks!' }).waitFor()
    await until('it is our turn', async () => (await turn()) === 'ours')

    await page.goto(`${world.url}/settings/replies`)
    await page.getByText('sent once').waitFor()
    await page.getByRole('button', { name: 'Edit Delayed' }).click()
    await page.getByRole('button', { name: 'Remove the reply' }).click()
    await page.getByText('No reply yet.').waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByRole('button', { name: 'Edit Delayed' }).waitFor()
    assert.deepEqual(faults, [])
    await context.close()
  },
)

test(
  'what was selected by key and pointer is resolved together, and put back by one word',
  { skip },
  async () => {
    const viktor = await addVisitor(world.url, world.website)
    for (const text of ['The first one', 'The second one', 'The third one']) {
      await begins(world, viktor, text)
    }
    const { page, context, faults } = await openDesk(browser, world.url, {
      as: world.ana,
      path: '/inbox/all',
    })
    const [red] = await labelled(world, 'Recall')
    await rows(page).filter({ hasText: 'The third one' }).waitFor()
    await rows(page).filter({ hasText: 'The third one' }).focus()
    await page.keyboard.press('s')
    await page.getByText('One selected').waitFor()
    await page.keyboard.press('Shift+J')
    await page.getByText('2 selected').waitFor()
    await rows(page)
      .filter({ hasText: 'The first one' })
      .click({ modifiers: ['Control'] })
    await page.getByText('3 selected').waitFor()
    // Somebody takes one meanwhile: it is left out, and stays selected.
    const answer = value(
      await world.ben.client.conversations.list({
        query: { list: 'all', contact: viktor.contact.id },
      }),
    )
    const second = answer.rows.find(({ preview }) => preview?.text === 'The second one')
    assert.ok(second !== undefined && red !== undefined)
    const params = { conversation: second.id }
    value(await world.ben.client.leases.take({ params, body: {} }))
    await page.keyboard.press('l')
    await page.getByRole('dialog').getByRole('button', { name: 'Recall', exact: true }).click()
    await page.getByText('The labels of 3 are changed.').waitFor()
    for (const text of ['The first one', 'The second one', 'The third one']) {
      await rows(page).filter({ hasText: text }).getByText('Recall').waitFor({ state: 'attached' })
    }
    await page
      .getByRole('checkbox', { name: /^Select/ })
      .first()
      .focus()
    await page.keyboard.press('Shift+S')
    await page.getByText(/^\d+ selected$/).waitFor()
    await page.keyboard.press('Shift+E')
    await page.getByText('Not done: 1 × somebody else holds it.').waitFor()
    await page.getByText('One selected').waitFor()
    const statuses = async () => {
      const query = { list: 'all', contact: viktor.contact.id } as const
      const list = value(await world.ana.client.conversations.list({ query }))
      return list.rows.map(({ status }) => status).toSorted()
    }
    assert.deepEqual(await statuses(), ['open', 'resolved', 'resolved'])
    await page.keyboard.press('Control+z')
    await page.getByText(/resolved\.$/).waitFor({ state: 'detached' })
    await page.getByText(/of \d+ done/).waitFor({ state: 'detached' })
    assert.deepEqual(await statuses(), ['open', 'open', 'open'])
    await page.keyboard.press('Escape')
    await page.getByText('One selected').waitFor({ state: 'detached' })
    assert.deepEqual(faults, [])
    await context.close()
  },
)
