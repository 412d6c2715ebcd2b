import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { createClient } from '@fermata/sdk/client'
import { until } from '@fermata/testkit/until'
import { startWorld, value, type World } from '@fermata/testkit/world'
import { begins, chromiumHere, openDesk, startBrowser } from '../../browser.world.ts'

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

test('an owner adds an inbox, says what it promises, and gets the snippet', { skip }, async () => {
  const path = '/settings/inboxes'
  const { page, faults, context } = await openDesk(browser, world.url, { as: world.olivia, path })
  await page.getByRole('button', { name: 'Add an inbox' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Shop')
  await dialog.getByRole('button', { name: 'Add an inbox' }).click()
  await page.getByRole('heading', { level: 1, name: 'Shop' }).waitFor()
  await page.getByRole('textbox', { name: 'Greeting' }).fill('Ask us anything.')
  const origins = page.getByRole('textbox', { name: 'Web pages that may show the chat' })
  await origins.fill('https://shop.example.org/cart')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('“https://shop.example.org/cart” is not an origin').waitFor()
  await origins.fill('https://shop.example.org/\nhttps://www.example.org')
  const urgent = page.getByRole('textbox', { name: 'Answer within: Urgent' })
  await urgent.fill('a while')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('This has the wrong form.').waitFor()
  await urgent.fill('1.5')
  await page.getByRole('button', { name: /Unit: Urgent/ }).click()
  await page.getByRole('option', { name: 'hours' }).click()
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Saved').waitFor()
  const inboxes = value(await world.olivia.client.inboxes.list()).rows
  const shop = inboxes.find(({ name }) => name === 'Shop')
  assert.ok(shop)
  assert.deepEqual(shop.origins, ['https://shop.example.org', 'https://www.example.org'])
  assert.equal(shop.answerMinutes.urgent, 90)
  assert.equal(shop.greeting, 'Ask us anything.')
  const snippet = await page.getByRole('group', { name: 'Put the chat on a page' }).innerText()
  assert.equal(
    snippet,
    `<script src="${world.url}/widget.js" data-inbox="${shop.key}" defer></script>`,
  )

  await page.getByRole('button', { name: 'Show the secret' }).click()
  const secret = page.getByRole('group', { name: 'Identity secret' })
  const before = await secret.innerText()
  await page.getByRole('button', { name: 'Replace it' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Replace it' }).click()
  await page.getByText('The secret is replaced.').waitFor()
  const params = { inbox: shop.id }
  await until('the new one shows', async () => (await secret.innerText()) !== before)
  assert.equal(
    await secret.innerText(),
    value(await world.olivia.client.inboxes.secret({ params })).secret,
  )
  // It stands in the sidebar of everybody who may see it, without a reload.
  await page
    .getByRole('navigation', { name: 'Navigation' })
    .getByRole('link', { name: 'Shop' })
    .waitFor()
  assert.deepEqual(faults, [])
  await context.close()
})

test('an owner adds a member, puts them into a team, and locks them out', { skip }, async () => {
  const path = '/settings/members'
  const { page, context } = await openDesk(browser, world.url, { as: world.olivia, path })
  await page.getByRole('button', { name: 'Add a member' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Carla')
  await dialog.getByRole('textbox', { name: 'E-mail' }).fill(world.ana.email)
  await dialog.getByRole('textbox', { name: 'First password' }).fill('a bell on every bike')
  await dialog.getByRole('button', { name: 'Add a member' }).click()
  await dialog.getByText('There is one like this already.').waitFor()
  await dialog.getByRole('textbox', { name: 'E-mail' }).fill('carla@acme.example')
  await dialog.getByRole('button', { name: 'Add a member' }).click()
  await page.getByText('Carla can sign in now.').waitFor()
  await page.getByText('carla@acme.example').waitFor()

  await page.getByRole('link', { name: 'Teams' }).click()
  await page.getByRole('button', { name: 'Add somebody' }).click()
  await page.getByRole('menuitem', { name: 'Carla' }).click()
  await page.getByRole('list', { name: 'Members of Support' }).getByText('Carla').waitFor()
  await page.getByText('2 members').waitFor()

  const client = createClient({
    url: world.url,
    fetch: (input, init) =>
      fetch(input, {
        ...init,
        headers: [...new Headers(init?.headers).entries(), ['origin', world.url]],
      }),
  })
  const body = { email: 'carla@acme.example', password: 'a bell on every bike' }
  assert.equal((await client.sessions.start({ body })).ok, true)
  await page.getByRole('link', { name: 'Members' }).click()
  await page
    .getByRole('listitem')
    .filter({ hasText: 'Carla' })
    .getByRole('button', { name: 'Deactivate' })
    .click()
  await page.getByText('Carla is deactivated').waitFor()
  assert.equal((await client.sessions.start({ body })).ok, false)
  await page.getByRole('button', { name: 'Undo' }).click()
  await page
    .getByRole('listitem')
    .filter({ hasText: 'Carla' })
    .getByRole('button', { name: 'Deactivate' })
    .waitFor()
  assert.equal((await client.sessions.start({ body })).ok, true)
  await context.close()
})

test('an app’s token is shown once and works until it is removed', { skip }, async () => {
  const path = '/settings/apps'
  const { page, context } = await openDesk(browser, world.url, { as: world.olivia, path })
  await page.getByRole('button', { name: 'Add an app' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Reporter')
  await dialog.getByRole('button', { name: 'Add an app' }).click()
  const token = await dialog.getByRole('group', { name: 'Token' }).innerText()
  await dialog.getByRole('button', { name: 'I have copied it' }).click()
  assert.ok(!(await page.content()).includes(token))
  const app = createClient({ url: world.url, token })
  assert.equal((await app.conversations.list()).ok, true)
  assert.equal((await app.contacts.list()).ok, false)
  const line = page.getByRole('listitem').filter({ hasText: 'Reporter' })
  await line.getByRole('button', { name: 'Remove' }).click()
  await line.getByRole('button', { name: 'Really remove' }).click()
  await line.waitFor({ state: 'detached' })
  assert.equal((await app.conversations.list()).ok, false)
  await context.close()
})

test('my name, my password and my sessions are mine to change', { skip }, async () => {
  const path = '/settings/profile'
  const { page, context } = await openDesk(browser, world.url, { as: world.ben, path })
  await page.getByRole('textbox', { name: 'Your name' }).fill('Benedetta')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('button', { name: 'Benedetta' }).waitFor()
  await page.getByRole('textbox', { name: 'Present password' }).fill('not mine')
  await page.getByRole('textbox', { name: 'New password' }).fill('two bells on every bike')
  await page.getByRole('button', { name: 'Change the password' }).click()
  await page.getByText(/do not belong together|wrong form/).waitFor()
  await page.getByRole('textbox', { name: 'Present password' }).fill(world.ben.password)
  await page.getByRole('button', { name: 'Change the password' }).click()
  await page.getByText('Password changed.').waitFor()
  assert.equal((await world.ben.client.me.get()).ok, false)
  await page.getByRole('link', { name: 'Sessions' }).click()
  await page.getByText('Chrome on Linux').waitFor()
  assert.equal(
    await page.getByRole('main').getByRole('listitem').filter({ hasText: 'since' }).count(),
    1,
  )
  await context.close()
})

test('an agent sees nothing of what only owners may do', { skip }, async () => {
  const path = '/settings'
  const { page, context } = await openDesk(browser, world.url, { as: world.ana, path })
  const names = page.getByRole('navigation', { name: 'Settings' })
  await names.getByRole('link', { name: 'Profile' }).waitFor()
  const shown = await names.getByRole('link').allInnerTexts()
  assert.deepEqual(shown, ['Profile', 'Sessions', 'Replies'])
  await context.close()
})

test('the language and the theme change at once and stay', { skip }, async () => {
  const path = '/settings'
  const { page, context } = await openDesk(browser, world.url, { as: world.ana, path })
  await page.getByRole('button', { name: /Language/ }).click()
  await page.getByRole('option', { name: 'Italiano' }).click()
  await page.getByRole('heading', { name: 'Impostazioni' }).waitFor()
  assert.equal(await page.locator('html').getAttribute('lang'), 'it')
  await page.getByRole('button', { name: /Aspetto/ }).click()
  await page.getByRole('option', { name: 'Scuro' }).click()
  await page.reload()
  await page.getByRole('heading', { name: 'Impostazioni' }).waitFor()
  const paper = await page.evaluate(() => getComputedStyle(document.body).backgroundColor)
  assert.equal(paper, 'rgb(27, 26, 24)')
  await context.close()
})

test(
  'a contact is named, and a new conversation begun with somebody by address',
  { skip },
  async () => {
    const id = await begins(world, world.vera, 'Hello')
    const path = `/inbox/ours/${id}`
    const { page, context } = await openDesk(browser, world.url, { as: world.olivia, path })
    await page.getByRole('button', { name: 'Edit the contact' }).click()
    await page.getByRole('dialog').getByRole('textbox', { name: 'Name' }).fill('Vera Bianchi')
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
    await page.getByRole('heading', { level: 1, name: 'Vera Bianchi' }).waitFor()
    await page.getByRole('button', { name: 'New conversation' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('combobox', { name: 'With' }).fill('nadia@example.org')
    await dialog.getByRole('textbox', { name: 'Subject' }).fill('Your order')
    await dialog.getByRole('textbox', { name: 'Message' }).fill('It is ready.')
    await dialog.getByRole('button', { name: 'Send' }).click()
    await page.getByRole('heading', { level: 1, name: 'Your order' }).waitFor()
    await page.getByRole('log').getByText('It is ready.').waitFor()
    const contacts = value(
      await world.olivia.client.contacts.list({ query: { email: 'nadia@example.org' } }),
    )
    assert.equal(contacts.rows.length, 1)
    await context.close()
  },
)
