import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { startServer } from '@fermata/testkit/server'
import { addVisitor, startWorld, value, type World } from '@fermata/testkit/world'
import {
  begins,
  chromiumHere,
  keepsWhatItShows,
  kept,
  openDesk,
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

async function signIn(page: Page, email: string, password: string): Promise<void> {
  await page.getByRole('textbox', { name: 'E-mail' }).fill(email)
  await page.getByRole('textbox', { name: 'Password' }).fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

test('the link of a new server leads to a workspace of one’s own', { skip }, async () => {
  const env = { FERMATA_OWNER_EMAIL: '', FERMATA_OWNER_PASSWORD: '' }
  const server = await startServer({ env })
  try {
    const link = /set it up\s+(\S+)/.exec(server.logs())?.[1] ?? ''
    const path = link.slice(new URL(link).origin.length)
    const { page, faults, context } = await openDesk(browser, server.url, { path })
    await page.getByRole('heading', { name: 'Set up Fermata' }).waitFor()
    await page.getByRole('textbox', { name: 'Workspace' }).fill('Bell & Sons')
    await page.getByRole('textbox', { name: 'Your name' }).fill('Bea Bell')
    await page.getByRole('textbox', { name: 'E-mail' }).fill('bea@bell.example')
    await page.getByRole('textbox', { name: 'Password' }).fill('short')
    await page.getByRole('button', { name: 'Set up' }).click()
    assert.equal(
      await page.getByRole('textbox', { name: 'Password' }).getAttribute('aria-invalid'),
      'true',
    )
    await page.getByRole('textbox', { name: 'Password' }).fill('a bell on every bike')
    await page.getByRole('button', { name: 'Set up' }).click()
    await page.getByText('Bell & Sons').waitFor()
    await page.getByText('Nobody waits for you.').waitFor()
    assert.doesNotMatch(page.url(), /token/)
    assert.deepEqual(faults, [])
    // The link works once: for whoever comes later the server is set up.
    const other = await openDesk(browser, server.url, { path })
    await other.page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await other.context.close()
    await context.close()
  } finally {
    await server.close()
  }
})

test(
  'a wrong password is said plainly, the right one leads to where one was going',
  { skip },
  async () => {
    const id = await begins(world, world.vera, 'Are you there?')
    const path = `/inbox/ours/${id}`
    const { page, context } = await openDesk(browser, world.url, { path })
    await signIn(page, world.olivia.email, 'not this one')
    await page.getByRole('alert').getByText('do not belong together').waitFor()
    await signIn(page, world.olivia.email, world.olivia.password)
    await page.getByRole('log').getByText('Are you there?').waitFor()
    assert.match(page.url(), new RegExp(id))
    await context.close()
  },
)

test(
  'signing out leaves nothing behind, and warns of words that are not sent',
  { skip },
  async () => {
    const vera = await addVisitor(world.url, world.website)
    const id = await begins(world, vera, 'A secret of mine')
    const path = `/inbox/ours/${id}`
    const { page, context } = await openDesk(browser, world.url, {
      as: world.ana,
      path,
      context: unworked,
    })
    await page.getByRole('log').getByText('A secret of mine').waitFor()
    await page.evaluate(() => window.dispatchEvent(new Event('pagehide')))
    await page.route('**/messages', (route) => route.abort())
    const field = page.getByRole('textbox', { name: 'Reply' })
    await field.fill('An answer that never left')
    await field.press('Control+Enter')
    await field.fill('A draft')
    await page.getByText('Waiting to be sent').waitFor()
    const before = await kept(page)
    for (const text of ['A secret of mine', 'An answer that never left', 'A draft']) {
      assert.ok(before.includes(text), text)
    }
    const leave = async (): Promise<void> => {
      await page.getByRole('button', { name: 'Ana', exact: true }).click()
      await page.getByRole('menuitem', { name: 'Sign out' }).click()
    }
    await leave()
    await page.getByText('One message has not reached the server yet.').waitFor()
    await page.getByRole('button', { name: 'Stay signed in' }).click()
    await field.waitFor()
    await leave()
    await page.getByRole('button', { name: 'Sign out and delete' }).click()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    const left = await kept(page)
    for (const text of ['A secret of mine', 'An answer', 'A draft', world.ana.id]) {
      assert.ok(!left.includes(text), text)
    }
    // What the service worker keeps are the app's own files, the same for everybody.
    const files = await page.evaluate(async () => {
      const all = await Promise.all(
        (await caches.keys()).map(async (name) => (await caches.open(name)).keys()),
      )
      return all.flat().map(({ url }) => new URL(url).pathname)
    })
    assert.deepEqual(
      files.filter((path) => !/^\/(?:assets\/|$|theme\.js|icon\.svg|manifest)/.test(path)),
      [],
    )
    assert.deepEqual(
      (await context.cookies()).filter(({ value: text }) => text !== ''),
      [],
    )
    await page.reload()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await context.close()
  },
)

test('a session that is ended elsewhere shows the door at once', { skip }, async () => {
  const { page, context } = await openDesk(browser, world.url, { as: world.ben })
  await page.getByRole('navigation', { name: 'Navigation' }).waitFor()
  const sessions = value(await world.ben.client.sessions.list()).rows
  for (const { id, current } of sessions) {
    if (!current) value(await world.ben.client.sessions.end({ params: { session: id } }))
  }
  await page.getByText('Your session has ended.').waitFor()
  await signIn(page, world.ben.email, world.ben.password)
  await page.getByRole('navigation', { name: 'Navigation' }).waitFor()
  await context.close()
})

test('whoever signs in next sees nothing of whoever was here before', { skip }, async () => {
  const { client } = world.olivia
  const { id } = value(await client.contacts.add({ body: { name: 'Orla Secret' } }))
  const message = { client: client.newId(), text: 'Hidden from Ben' }
  value(await client.conversations.open({ body: { inbox: world.orders.id, contact: id, message } }))
  const { page, context } = await openDesk(browser, world.url, {
    as: world.olivia,
    path: '/inbox/all',
  })
  await page.getByText('Orla Secret').first().waitFor()
  await keepsWhatItShows(page, 'Orla Secret')
  await context.clearCookies()
  await page.reload()
  await page.getByText('Your session has ended.').waitFor()
  await signIn(page, world.ben.email, world.ben.password)
  await page.getByRole('button', { name: 'Ben' }).waitFor()
  assert.equal(await page.getByText('Orla Secret').count(), 0)
  await page.waitForFunction(() => !JSON.stringify(Object.entries(localStorage)).includes('Orla'))
  assert.ok(!(await kept(page)).includes('Orla Secret'))
  await context.close()
})
