import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import type { ConversationId } from '@fermata/base/ids'
import { startWorld, value, type World } from '@fermata/testkit/world'
import { chromiumHere, openDesk, saidIn, startBrowser } from '../browser.world.ts'
import { about, handsOn, partsOf, title, type Hands } from '../hands.world.ts'

const { skip } = chromiumHere
let browser: Browser
let world: World

before(async () => {
  if (skip) return
  ;[browser, world] = await Promise.all([startBrowser(), startWorld()])
  await about(world, 'Bells')
  await about(world, 'Spokes')
})
after(async () => {
  await browser?.close()
  await world?.server.close()
})

test('the command menu goes and does, by a part of a name', { skip }, async () => {
  const { page, context } = await openDesk(browser, world.url, { as: world.ana })
  await page.getByRole('link', { name: /Bells/ }).waitFor()
  const { keyboard } = page
  await keyboard.press('Control+k')
  await keyboard.type('bells')
  await keyboard.press('Enter')
  await title(page, 'Bells').waitFor()
  await keyboard.press('Control+k')
  await keyboard.type('urgency: urgent')
  await keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Bells Urgency: Urgent' }).waitFor()
  await keyboard.press('Control+k')
  await keyboard.type('pause')
  await keyboard.press('Enter')
  await page.getByRole('dialog', { name: 'Pause until…' }).waitFor()
  await page.getByRole('textbox', { name: 'When' }).and(page.locator(':focus')).waitFor()
  await keyboard.press('Escape')
  await keyboard.press('Control+k')
  await keyboard.type('zzz')
  await page.getByText('Nothing fits these words.').waitFor()
  await context.close()
})

test('single letters can be switched off; what needs Ctrl still works', { skip }, async () => {
  const { page, context } = await openDesk(browser, world.url, { as: world.ana })
  await page.getByRole('link', { name: /Bells/ }).waitFor()
  await page.getByRole('button', { name: 'Ana' }).click()
  await page.getByRole('menuitemradio', { name: 'Off' }).click()
  await page.keyboard.press('Escape')
  await page.keyboard.press('j')
  await page.keyboard.press('?')
  await page.keyboard.press('Control+k')
  await page.getByRole('menu', { name: 'Command menu' }).waitFor()
  assert.equal(await page.getByText('No conversation is open').count(), 1)
  assert.equal(await page.getByRole('dialog', { name: 'Keys' }).count(), 0)
  await context.close()
})

test('Tab reaches every part once, in the order of the screen', { skip }, async () => {
  const { page, context } = await openDesk(browser, world.url, {
    as: world.ana,
    path: '/inbox/all',
  })
  await page.getByRole('link', { name: /Bells/ }).waitFor()
  const seen: string[] = []
  for (let presses = 0; presses < 24; presses++) {
    await page.keyboard.press('Tab')
    seen.push(
      await page.evaluate(() => {
        const at = document.activeElement as HTMLElement
        return at.getAttribute('aria-label') ?? at.innerText.replaceAll('\n', ' ')
      }),
    )
  }
  assert.equal(seen[0], 'Skip to the main part')
  const order = ['New conversation', 'Our turn', 'All', 'Settings', 'A Ana'].map((name) =>
    seen.findIndex((one) => one.startsWith(name)),
  )
  assert.deepEqual(
    order,
    order.toSorted((a, b) => a - b),
  )
  assert.ok(!order.includes(-1), seen.join(', '))
  // The list is one stop; the arrows go on from there.
  const rows = await page.getByRole('list', { name: 'All' }).getByRole('link').count()
  assert.ok(rows >= 2)
  const hands = handsOn(page)
  await hands.tabs(page.getByRole('list', { name: 'All' }).getByRole('link').first())
  await hands.press('ArrowDown', 'Enter')
  await page.waitForURL(/\/inbox\/all\/cnv_/)
  await context.close()
})

/** What one hand does and sees in a day's work. */
interface Day {
  readonly page: Page
  readonly hands: Hands
  readonly at: ReturnType<typeof partsOf>
}

async function comesIn({ hands, at }: Day, world: World): Promise<void> {
  await hands.on(at.field('E-mail'))
  await hands.types(world.ana.email)
  await hands.press('Tab')
  await hands.on(at.field('Password'))
  await hands.types(world.ana.password)
  await hands.press('Enter')
  await hands.on(at.title('My turn'))
}

async function goesThroughTheLists({ hands, at }: Day): Promise<void> {
  for (const [keys, name] of [
    [['[', ']', ']'], 'Unassigned'],
    [['g', 'a'], 'All'],
    [['g', 'o'], 'Our turn'],
  ] as const) {
    await hands.press(...keys)
    await hands.on(at.title(name))
  }
  await at.row('Bells').waitFor()
  await hands.press('Tab')
  await hands.on(at.row('Bells'))
  await hands.press('ArrowDown')
  await hands.on(at.row('Parcel'))
  await hands.press('Enter')
  await at.title('Parcel').waitFor()
  await hands.on(at.row('Parcel'))
  await hands.press('k')
  await at.title('Bells').waitFor()
  await hands.on(at.row('Bells'))
  await hands.press('Escape')
  await at.title('Bells').waitFor({ state: 'detached' })
  await hands.on(at.row('Bells'))
  // With nothing open the steps are counted from the row that has the focus.
  await hands.press('j')
  await at.title('Parcel').waitFor()
  await hands.on(at.row('Parcel'))
  await hands.press('k')
  await at.title('Bells').waitFor()
  await hands.on(at.row('Bells'))
}

async function answers({ page, hands, at }: Day): Promise<void> {
  await hands.press('r')
  await hands.on(at.field('Reply'))
  await hands.types('They are **made** of brass.')
  await hands.press('Control+Enter')
  await page.locator('[data-number="2"]').waitFor()
  await hands.on(at.field('Reply'))
  await hands.press('Escape')
  await hands.on(at.messages)
  await hands.press('Shift+N')
  await hands.on(at.field('Note'))
  await hands.types('Or of tin?')
  await hands.press('Control+Enter')
  await page.locator('[data-number="3"]').waitFor()
  await hands.on(at.field('Reply'))
  await hands.press('ArrowUp')
  await hands.on(at.field('Note'))
  await hands.types(' No.')
  await hands.press('Control+Enter')
  await at.messages.getByText('Or of tin? No.').waitFor()
  await hands.on(at.field('Reply'))
  await hands.press('Escape')
  await hands.on(at.messages)
}

async function labels({ hands, at }: Day): Promise<void> {
  const dialog = at.dialog('Labels')
  const taken = (label: string) => at.button(`Remove ${label}`)
  await hands.press('l')
  for (const label of ['brass', 'tin']) {
    await hands.on(at.field('Add a label'))
    await hands.types(label)
    if (label === 'tin') await hands.press('Tab')
    await hands.press('Enter')
    await dialog.getByRole('button', { name: `Remove ${label}` }).waitFor()
  }
  await hands.on(at.field('Add a label'))
  await hands.press('Escape')
  await hands.on(at.messages)
  // Beside the conversation a label is one Tab behind the button that adds one.
  await hands.tabs(at.button('Add a label'))
  await hands.press('Enter')
  await hands.on(at.field('Add a label'))
  await hands.press('Shift+Tab')
  await hands.on(dialog.getByRole('button', { name: 'Remove tin' }))
  await hands.press('Enter')
  await hands.on(dialog.getByRole('button', { name: 'Remove brass' }))
  await hands.press('Escape')
  await hands.on(at.button('Add a label'))
  await hands.press('Tab')
  await hands.on(taken('brass'))
  await hands.press('Enter')
  await taken('brass').waitFor({ state: 'detached' })
  await hands.on(at.button('Add a label'))
}

async function putsOff({ page, hands, at }: Day): Promise<void> {
  // Bells has been answered, so the first of those whose turn is ours is the next.
  await hands.press('j')
  await at.title('Parcel').waitFor()
  await hands.on(at.messages)
  for (const words of ['tue 9', 'in 3 days at 14:15']) {
    await hands.press('h')
    await hands.on(at.field('When'))
    await hands.types(words)
    await hands.press('Enter')
    await at.title('Saddle').waitFor()
    await hands.on(at.messages)
    if (words !== 'tue 9') continue
    await hands.press('Control+z')
    await at.title('Parcel').waitFor()
    await hands.on(at.messages)
    await at.row('Parcel').waitFor()
  }
  await hands.press('g', 'p')
  await hands.on(at.title('Paused'))
  await at.row('Parcel').waitFor()
  await hands.press('j')
  await hands.on(at.messages)
  await page.getByText(/^Paused until .*14:15 \(You\)$/).waitFor()
  await hands.press('Shift+Tab')
  await hands.on(at.button('Resume'))
  await hands.press('Enter')
  await at.button('Pause').waitFor()
  await hands.on(at.messages)
}

async function settles({ hands, at }: Day): Promise<void> {
  await hands.press('Shift+E')
  // Nothing else is paused, so nothing opens.
  await hands.on(at.title('Paused'))
  await hands.press('g', 'r')
  await hands.on(at.title('Resolved'))
  await at.row('Parcel').waitFor()
  await hands.press('Enter')
  await hands.on(at.messages)
  await hands.tabs(at.button('Open again').first(), 'Shift+Tab')
  await hands.press('Enter')
  await hands.on(at.button('Resolve'))
}

async function searchesAndBegins({ page, hands, at }: Day): Promise<void> {
  const search = page.getByRole('searchbox', { name: 'Go to or do…' })
  await hands.press('Control+k')
  await hands.on(search)
  await hands.types('Saddle')
  await hands.press('Enter')
  await at.title('Saddle').waitFor()
  await hands.on(at.messages)
  await hands.press('Control+k')
  await hands.on(search)
  await hands.press('Escape')
  await hands.on(at.messages)
  await hands.press('c')
  await hands.on(at.dialog('New conversation').getByRole('combobox', { name: 'With' }))
  await hands.types('mia@customer.example')
  await hands.press('Tab')
  await hands.on(at.field('Subject'))
  await hands.types('Your order')
  await hands.press('Tab')
  await hands.on(at.field('Message'))
  await hands.types('It is on its way.')
  await hands.tabs(at.dialog('New conversation').getByRole('button', { name: 'Send' }))
  await hands.press('Enter')
  await at.title('Your order').waitFor()
  await hands.on(at.messages)
}

async function setsUp({ page, hands, at }: Day): Promise<void> {
  await hands.press('g', 's')
  await hands.on(at.title('Profile'))
  await hands.press('Tab')
  await hands.on(at.field('Your name'))
  await hands.press('End')
  await hands.types(' B.')
  await hands.press('Enter')
  await page.getByText('Saved').waitFor()
  await hands.on(at.field('Your name'))
  await hands.tabs(page.getByRole('link', { name: 'Sessions' }), 'Shift+Tab')
  await hands.press('Enter')
  await at.title('Sessions').waitFor()
  await hands.on(page.getByRole('link', { name: 'Sessions' }))
  await hands.press('?')
  await hands.on(at.dialog('Keys'))
  await hands.press('Escape')
  await hands.on(page.getByRole('link', { name: 'Sessions' }))
}

async function leaves({ page, hands, at }: Day): Promise<void> {
  const me = page.getByRole('button', { name: 'Ana B.' })
  await me.waitFor()
  await hands.tabs(me, 'Shift+Tab')
  await hands.press('Enter')
  await hands.on(page.getByRole('menuitemradio', { name: 'As the system' }))
  await hands.press('Escape')
  await hands.on(me)
  await hands.press('Enter')
  await hands.press('End')
  await hands.on(page.getByRole('menuitem', { name: 'Sign out' }))
  await hands.press('Enter')
  await hands.on(at.field('E-mail'))
}

test("a day's work is done without ever touching the mouse", { skip }, async () => {
  const own = await startWorld()
  try {
    const [bells, parcel] = [await about(own, 'Bells'), await about(own, 'Parcel')]
    await about(own, 'Saddle')
    const { page, faults, context } = await openDesk(browser, own.url)
    const day: Day = { page, hands: handsOn(page), at: partsOf(page) }
    await comesIn(day, own)
    await goesThroughTheLists(day)
    await answers(day)
    await labels(day)
    await putsOff(day)
    await settles(day)
    await searchesAndBegins(day)
    await setsUp(day)
    await leaves(day)
    // The server knows of every act, and of nothing twice.
    const { client } = own.olivia
    assert.deepEqual(await saidIn(own.olivia, bells), [
      'A question about Bells',
      'They are **made** of brass.',
      'Or of tin? No.',
    ])
    const happened = async (conversation: ConversationId): Promise<string[]> => {
      const { events } = value(await client.conversations.history({ params: { conversation } }))
      return events
        .filter(({ actor }) => actor === own.ana.id)
        .map(({ type }) => type.replace('conversation.', ''))
    }
    assert.deepEqual(await happened(parcel), [
      ...['paused', 'resumed', 'paused', 'resumed', 'resolved', 'reopened'],
    ])
    assert.deepEqual(await happened(bells), ['changed', 'changed', 'changed', 'changed'])
    assert.deepEqual(faults, [])
    await context.close()
  } finally {
    await own.server.close()
  }
})
