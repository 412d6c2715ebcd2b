import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Locator, Page } from 'playwright-core'
import type { ConversationId } from '@fermata/base/ids'
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

function row(page: Page, name: string | RegExp): Locator {
  return page
    .getByRole('list', { name: /My turn|Our turn|Paused|Resolved|All/ })
    .getByRole('link', { name })
}

function articles(page: Page): Locator {
  return page.getByRole('log').getByRole('article')
}

async function cursorOf(id: ConversationId): Promise<number | undefined> {
  const params = { conversation: id }
  return value(await world.olivia.client.conversations.get({ params })).mine?.cursor
}

async function isIn(list: 'ours' | 'paused' | 'resolved', id: ConversationId): Promise<boolean> {
  const answer = await world.olivia.client.conversations.list({ query: { list } })
  return value(answer).rows.some((one) => one.id === id)
}

test(
  'what a visitor says appears in the list at once, in bold until it is read',
  { skip },
  async () => {
    const { page, faults, context } = await openDesk(browser, world.url, { as: world.olivia })
    await page.getByText('Nobody waits for you.').waitFor()
    const id = await begins(world, world.vera, 'Is the Alba mug back in stock?')
    const first = row(page, /back in stock/)
    await first.waitFor()
    assert.match((await first.getAttribute('href')) ?? '', new RegExp(id))
    await row(page, /unread.*back in stock/).click()
    await articles(page).getByText('Is the Alba mug back in stock?').waitFor()
    // Having been in view, it is read: on the screen, and for the server.
    await page.waitForFunction(() => !document.body.innerText.includes('(unread)'))
    await until('the server knows', async () => (await cursorOf(id)) === 1)
    await page.getByRole('link', { name: /Our turn 1/ }).waitFor()
    assert.deepEqual(faults, [])
    await context.close()
  },
)

test(
  'a reply stands in the thread before the server has answered, and once after',
  { skip },
  async () => {
    const vera = await addVisitor(world.url, world.website)
    const id = await begins(world, vera, 'Do you ship to Norway?')
    const path = `/inbox/ours/${id}`
    const { page, faults, context } = await openDesk(browser, world.url, {
      as: world.olivia,
      path,
      context: unworked,
    })
    let letGo = (): void => {}
    const held = new Promise<void>((resolve) => (letGo = resolve))
    await page.route('**/messages', async (route) => {
      if (route.request().method() === 'POST') await held
      await route.continue()
    })
    const field = page.getByRole('textbox', { name: 'Reply' })
    await field.fill('We do, **twice a week**.')
    await field.press('Control+Enter')
    await page.locator('[data-pending] strong', { hasText: 'twice a week' }).waitFor()
    assert.equal(await field.inputValue(), '')
    assert.deepEqual(await saidIn(vera, id), ['Do you ship to Norway?'])
    letGo()
    await page.locator('[data-number="2"]').waitFor()
    await page.locator('[data-pending]').waitFor({ state: 'detached' })
    assert.equal(await articles(page).count(), 2)
    assert.deepEqual(await saidIn(vera, id), ['Do you ship to Norway?', 'We do, **twice a week**.'])
    // It is their turn now, so it has left the list; nothing has been sent twice.
    await row(page, /Norway/).waitFor({ state: 'detached' })
    assert.deepEqual(faults, [])
    await context.close()
  },
)

test('a note is told apart on the screen, and no visitor hears of it', { skip }, async () => {
  const vera = await addVisitor(world.url, world.website)
  const id = await begins(world, vera, 'My parcel is wet.')
  const path = `/inbox/ours/${id}`
  const { page, context } = await openDesk(browser, world.url, { as: world.olivia, path })
  await page.getByRole('radio', { name: 'Note' }).check({ force: true })
  const field = page.getByRole('textbox', { name: 'Note' })
  await field.fill('The third one this week.')
  await page.getByRole('button', { name: 'Add the note' }).click()
  await page.getByRole('article', { name: 'Olivia, Note' }).getByText('third one').waitFor()
  await page.locator('[data-number="2"]').waitFor()
  assert.deepEqual(await saidIn(vera, id), ['My parcel is wet.'])
  // The next thing written goes to the customer again.
  await page.getByRole('textbox', { name: 'Reply' }).waitFor()
  await context.close()
})

test(
  'pausing in plain words puts it off, opens the next one, and can be undone',
  { skip },
  async () => {
    const [vera, viktor] = [
      await addVisitor(world.url, world.website),
      await addVisitor(world.url, world.website),
    ]
    const first = await begins(world, vera, 'Where is my invoice?')
    await begins(world, viktor, 'Can I change the colour?')
    const path = `/inbox/ours/${first}`
    const { page, faults, context } = await openDesk(browser, world.url, { as: world.ana, path })
    await articles(page).getByText('Where is my invoice?').waitFor()
    await page.keyboard.press('h')
    await page.getByRole('textbox', { name: 'When' }).fill('in 3 days at 14:15')
    const shown = await page.getByRole('button', { name: /14:15/ }).innerText()
    await page.getByRole('textbox', { name: 'Why' }).fill('The bookkeeper is away')
    await page.getByRole('textbox', { name: 'Why' }).press('Enter')
    await articles(page).getByText('Can I change the colour?').waitFor()
    await page.getByText('Paused until').waitFor()
    await row(page, /invoice/).waitFor({ state: 'detached' })
    await until('it is paused', () => isIn('paused', first))
    const params = { conversation: first }
    const known = value(await world.olivia.client.conversations.get({ params })).conversation
    const pause = 'pause' in known ? known.pause : null
    const local = new Intl.DateTimeFormat('en-GB', {
      hour: '2-digit',
      minute: '2-digit',
      timeZone: 'Europe/Rome',
    })
    assert.equal(local.format(pause?.until ?? 0), '14:15')
    assert.match(shown, /14:15/)
    assert.equal(pause?.reason, 'The bookkeeper is away')
    await page.getByRole('button', { name: 'Undo' }).click()
    await articles(page).getByText('Where is my invoice?').waitFor()
    await row(page, /invoice/).waitFor()
    await until('it is ours again', () => isIn('ours', first))
    assert.deepEqual(faults, [])
    await context.close()
  },
)

test('sending and resolving resolves once the words have arrived', { skip }, async () => {
  const vera = await addVisitor(world.url, world.website)
  const id = await begins(world, vera, 'Thank you, it fits!')
  const path = `/inbox/ours/${id}`
  const { page, context } = await openDesk(browser, world.url, { as: world.olivia, path })
  await page.getByRole('textbox', { name: 'Reply' }).fill('Enjoy the ride.')
  await page.getByRole('button', { name: 'More ways to send' }).click()
  await page.getByRole('menuitem', { name: 'Send and resolve' }).click()
  await row(page, /it fits/).waitFor({ state: 'detached' })
  await page.goto(`${world.url}/inbox/resolved/${id}`)
  await articles(page).getByText('Enjoy the ride.').waitFor()
  await page.getByText(/^Resolved today/).waitFor()
  await page.getByText('You resolved it').waitFor()
  assert.equal(await isIn('resolved', id), true)
  await context.close()
})

test(
  'an edit keeps the former text, a deletion waits while it can be undone',
  { skip },
  async () => {
    const vera = await addVisitor(world.url, world.website)
    const id = await begins(world, vera, 'When do you open?')
    await says(world.olivia, id, 'We open at nein.')
    const path = `/inbox/all/${id}`
    const { page, context } = await openDesk(browser, world.url, { as: world.olivia, path })
    await articles(page).getByText('We open at nein.').waitFor()
    await page.getByRole('textbox', { name: 'Reply' }).focus()
    await page.keyboard.press('ArrowUp')
    await page.getByText('You are editing your message').waitFor()
    await page.getByRole('textbox', { name: 'Reply' }).fill('We open at nine.')
    await page.keyboard.press('Control+Enter')
    await articles(page).getByText('We open at nine.').waitFor()
    await page.getByRole('button', { name: 'edited' }).click()
    await page.getByRole('dialog').getByText('We open at nein.').waitFor()
    await page.getByRole('button', { name: 'Close' }).click()

    const remove = async (): Promise<void> => {
      await page.getByRole('article', { name: 'Olivia' }).hover()
      await page.getByRole('button', { name: /message by Olivia/ }).click()
      await page.getByRole('menuitem', { name: 'Delete' }).click()
      await page.getByText('This message was deleted.').waitFor()
    }
    await remove()
    await page.getByRole('button', { name: 'Undo' }).click()
    await articles(page).getByText('We open at nine.').waitFor()
    await remove()
    assert.deepEqual(await saidIn(vera, id), ['When do you open?', 'We open at nine.'])
    // Whoever dismisses the notice has had the time to think; a page that closes does not lose the wish.
    await page.clock.install()
    await page.reload()
    await articles(page).getByText('When do you open?').waitFor()
    await page.clock.fastForward(11_000)
    await page.getByText('This message was deleted.').waitFor()
    assert.deepEqual(await saidIn(vera, id), ['When do you open?', ''])
    await context.close()
  },
)

test(
  'a line stands before what was not read, and says so again when it is marked',
  { skip },
  async () => {
    const vera = await addVisitor(world.url, world.website)
    const id = await begins(world, vera, 'One')
    value(
      await world.olivia.client.cursor.put({ params: { conversation: id }, body: { number: 1 } }),
    )
    await says(vera, id, 'Two')
    await says(vera, id, 'Three')
    const path = `/inbox/ours/${id}`
    const { page, context } = await openDesk(browser, world.url, { as: world.olivia, path })
    const order = async (): Promise<string[]> =>
      (await page.getByRole('log').innerText())
        .split('\n')
        .filter((line) => /^(One|Two|Three|New)$/.test(line))
    await page.locator('[data-unread]').waitFor()
    assert.deepEqual(await order(), ['One', 'New', 'Two', 'Three'])
    await page.locator(`#${id}`, { hasText: 'unread' }).waitFor({ state: 'detached' })
    await page.locator('[data-number="3"]').hover()
    await page.locator('[data-number="3"]').getByRole('button').click()
    await page.getByRole('menuitem', { name: 'Mark unread from here' }).click()
    await row(page, /unread.*Three/).waitFor()
    assert.deepEqual(await order(), ['One', 'Two', 'New', 'Three'])
    await until('the server knows', async () => (await cursorOf(id)) === 2)
    await context.close()
  },
)

test('who else looks and writes stands beside the composer', { skip }, async () => {
  const vera = await addVisitor(world.url, world.website)
  const id = await begins(world, vera, 'Is anybody there?')
  const path = `/inbox/ours/${id}`
  const mine = await openDesk(browser, world.url, { as: world.olivia, path })
  const theirs = await openDesk(browser, world.url, { as: world.ana, path })
  await mine.page.getByText('Ana looks at this too').waitFor()
  await theirs.page.getByRole('textbox', { name: 'Reply' }).fill('I am')
  await mine.page.getByText('Ana writes…').waitFor()
  await theirs.page.getByRole('link', { name: 'Settings' }).click()
  await mine.page.getByText('Ana writes…').waitFor({ state: 'detached' })
  await mine.context.close()
  await theirs.context.close()
})
