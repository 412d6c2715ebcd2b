import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import type { Page } from 'playwright-core'
import { chromiumHere } from '@fermata/testkit/browser'
import { visit } from './browser.world.ts'
import { startDesk, type Desk } from './desk.world.ts'
import { startHost } from './host.world.ts'

const { skip } = chromiumHere
const budgetBytes = 20_000
let desk: Desk
before(async () => {
  if (skip === false) desk = await startDesk()
})
after(() => desk?.close())

/** What a page has loaded from Fermata, as it would travel: made small by gzip. */
function weigh(page: Page): { bytes(): Promise<number>; names(): string[] } {
  const loaded: Promise<readonly [string, Buffer]>[] = []
  page.on('response', (response) => {
    if (!response.url().startsWith(desk.server.url)) return
    loaded.push(
      response.body().then(
        (body) => [new URL(response.url()).pathname, body] as const,
        () => ['', Buffer.alloc(0)] as const,
      ),
    )
  })
  const seen: string[] = []
  return {
    async bytes() {
      const all = await Promise.all(loaded)
      seen.push(...all.map(([name]) => name))
      return all.reduce((sum, [, body]) => sum + gzipSync(body, { level: 9 }).length, 0)
    },
    names: () => seen,
  }
}

test(
  'a page that nobody chats on loads one small script, and one that was chatted on little more',
  { skip },
  async () => {
    const context = await desk.browser.newContext({ locale: 'en-GB' })
    const page = await context.newPage()
    const first = weigh(page)
    await page.goto(desk.host.origin, { waitUntil: 'networkidle' })
    const stranger = await first.bytes()
    assert.deepEqual(first.names(), ['/widget.js'])
    assert.ok(stranger < budgetBytes / 4, `${stranger} bytes for a stranger`)
    await page.close()

    const talk = await visit(context, desk.host.origin)
    await talk.open()
    await talk.say('A word')
    await talk.chat.getByRole('button', { name: 'I’ll come back later' }).waitFor()
    await talk.page.close()
    const [row] = await desk.conversations()
    await desk.answer(row!.id, 'An answer')

    const again = await context.newPage()
    const second = weigh(again)
    await again.goto(`${desk.host.origin}/again`)
    await again.getByRole('button', { name: 'Open the chat (1 new answer)' }).waitFor()
    const friend = await second.bytes()
    assert.ok(second.names().some((name) => name.startsWith('/widget/frame/')))
    assert.ok(friend < budgetBytes, `${friend} bytes for somebody who was here before`)
    await context.close()
  },
)

/** Where the open panel comes to rest; it rises when it opens. */
async function panelAtRest(page: Page) {
  await page
    .locator('fermata-chat section')
    .evaluate((section) => Promise.all(section.getAnimations().map(({ finished }) => finished)))
  return page.locator('fermata-chat iframe').boundingBox()
}

test('styles that mean harm reach neither the launcher nor the panel', { skip }, async () => {
  const viewport = { width: 1000, height: 800 }
  const context = await desk.browser.newContext({ locale: 'en-GB', viewport })
  const { page, chat, open } = await visit(context, desk.host.origin)
  const complaints: string[] = []
  page.on('console', (message) => complaints.push(message.text()))
  const launcher = page.locator('fermata-chat button')
  // A click lands on what is really on top, at the place where it is really seen.
  assert.deepEqual(await launcher.boundingBox(), { x: 924, y: 724, width: 56, height: 56 })
  await open()
  await chat.getByRole('textbox').waitFor()
  assert.deepEqual(await panelAtRest(page), { x: 580, y: 28, width: 400, height: 680 })
  await chat.getByRole('button', { name: 'Close the chat' }).click()
  await page.locator('fermata-chat section').waitFor({ state: 'hidden' })
  assert.deepEqual(complaints, [], 'the strict policy of the page was never broken')
  await context.close()
})

test(
  'everything is done by the keyboard, and the focus comes back where it was',
  { skip },
  async () => {
    const context = await desk.browser.newContext({ locale: 'en-GB' })
    const { page, chat } = await visit(context, desk.host.origin)
    const launcher = page.locator('fermata-chat button')
    assert.equal(await launcher.getAttribute('aria-expanded'), 'false')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await chat.locator('textarea:focus').waitFor()
    assert.equal(await launcher.getAttribute('aria-expanded'), 'true')
    assert.equal(await launcher.getAttribute('aria-label'), 'Close the chat')

    await page.keyboard.type('First line')
    await page.keyboard.press('Shift+Enter')
    await page.keyboard.type('second line')
    await page.keyboard.press('Enter')
    const later = chat.getByRole('button', { name: 'I’ll come back later' })
    await later.waitFor()
    assert.deepEqual(
      (await desk.messages((await desk.conversations())[0]!.id)).map(({ text }) => text),
      ['First line\nsecond line'],
    )
    await chat.locator('textarea:focus').waitFor()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await chat.locator('.choices button:focus').waitFor()
    await page.keyboard.press('Escape')
    await later.waitFor()
    assert.equal(
      await launcher.getAttribute('aria-expanded'),
      'true',
      'Escape leaves the question only',
    )
    await chat.getByRole('textbox').focus()
    await page.keyboard.press('Escape')
    await page.locator('fermata-chat section').waitFor({ state: 'hidden' })
    await page.locator('fermata-chat button:focus').waitFor()
    assert.equal(await launcher.getAttribute('aria-expanded'), 'false')
    await context.close()
  },
)

test('on a phone the panel takes the whole screen', { skip }, async () => {
  const viewport = { width: 360, height: 640 }
  const context = await desk.browser.newContext({ locale: 'it-IT', viewport, hasTouch: true })
  const { page, chat, open } = await visit(context, desk.host.origin)
  await open()
  await chat.getByText('Rispondiamo entro').waitFor()
  assert.deepEqual(await panelAtRest(page), { x: 0, y: 0, ...viewport })
  await page.locator('fermata-chat button').waitFor({ state: 'hidden' })
  await chat.getByRole('button', { name: 'Chiudi la chat' }).click()
  await page.getByRole('button', { name: 'Apri la chat' }).waitFor()
  await context.close()
})

test(
  'where pages run from right to left, the launcher is at the other side',
  { skip },
  async () => {
    const viewport = { width: 1000, height: 800 }
    const context = await desk.browser.newContext({ locale: 'en-GB', viewport })
    const { page, open } = await visit(context, desk.host.origin)
    await page.evaluate(() => (document.documentElement.dir = 'rtl'))
    const box = async (what: string) =>
      (await page.locator(`fermata-chat ${what}`).boundingBox())?.x
    assert.equal(await box('button'), 20)
    await open()
    assert.equal(await box('iframe'), 20)
    await context.close()
  },
)

test('a site that the inbox does not list cannot show the frame', { skip }, async () => {
  const stranger = await startHost(desk.server.url, () => desk.inbox.key)
  try {
    const context = await desk.browser.newContext({ locale: 'en-GB' })
    const { page, open } = await visit(context, stranger.origin)
    const refused = page.waitForEvent('console', {
      predicate: (message) => message.text().includes('frame-ancestors'),
    })
    await open()
    await refused
    await page.getByText('The chat does not answer.').waitFor()
    const inside = page.frames().filter((frame) => frame.url().startsWith(desk.server.url))
    assert.deepEqual(inside, [], 'no document of ours is in that page')
    await context.close()
  } finally {
    stranger.close()
  }
})
