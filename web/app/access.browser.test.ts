import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { after, before, test } from 'node:test'
import type { AxeResults, RunOptions } from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import type { ConversationId } from '@fermata/base/ids'
import { startWorld, value, type World } from '@fermata/testkit/world'
import { begins, chromiumHere, labelled, openDesk, says, startBrowser } from '../browser.world.ts'

const { skip } = chromiumHere
let browser: Browser
let world: World
let talk: ConversationId

before(async () => {
  if (skip) return
  ;[browser, world] = await Promise.all([startBrowser(), startWorld()])
  const { client } = world.olivia
  talk = await begins(world, world.vera, 'The *bell* is `loud`.\n\n> Very.\n\n1. one\n2. two')
  await says(world.ana, talk, 'Shall I look at it?', 'note')
  await says(world.olivia, talk, 'We will make it [quieter](https://example.org).')
  await says(world.vera, talk, 'Thanks, when?')
  const params = { conversation: talk }
  value(
    await client.conversations.change({
      params,
      body: { labels: await labelled(world, 'bell'), urgency: 'high' },
    }),
  )
  const other = await begins(world, world.viktor, 'And mine?')
  const body = { until: world.olivia.client.connection.clock.now() + 86_400_000, reason: 'soon' }
  value(await client.conversations.pause({ params: { conversation: other }, body }))
})
after(async () => {
  await browser?.close()
  await world?.server.close()
})

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What the script of axe leaves in the page. */
interface Axe {
  run(where: Document, options: RunOptions): Promise<AxeResults>
}

/** What axe finds wrong on the page, by WCAG 2.2 A and AA. */
async function barriers(page: Page): Promise<string[]> {
  await page.evaluate(axe)
  const results = await page.evaluate(() => {
    const { axe: here } = window as unknown as { axe: Axe }
    return here.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    })
  })
  const found = results.violations.map(({ id, nodes }) => ({
    id,
    // The menu scrolls with the arrows, which work from the field above it.
    nodes: nodes.filter(
      ({ html }) => id !== 'scrollable-region-focusable' || !html.includes('role="menu"'),
    ),
  }))
  return found
    .filter(({ nodes }) => nodes.length > 0)
    .map(
      ({ id, nodes }) =>
        `${id}: ${nodes.map(({ html, failureSummary }) => `${html.slice(0, 200)} ${failureSummary}`).join(' | ')}`,
    )
}

/** Screens by name: an address, and what to do there. */
const screens: Record<string, (page: Page) => Promise<void>> = {
  list: (page) => at(page, '/inbox/ours', 'Thanks, when?'),
  conversation: (page) => at(page, `/inbox/ours/${talk}`, 'We will make it'),
  paused: (page) => at(page, '/inbox/paused', 'And mine?'),
  empty: (page) => at(page, '/inbox/resolved', 'Nothing is resolved yet.'),
  pause: async (page) => {
    await at(page, `/inbox/ours/${talk}`, 'We will make it')
    await page.keyboard.press('h')
    await page.getByRole('dialog').waitFor()
  },
  menu: async (page) => {
    await at(page, `/inbox/ours/${talk}`, 'We will make it')
    await page.keyboard.press('Control+k')
    await page.getByRole('menu').waitFor()
  },
  keys: async (page) => {
    await at(page, `/inbox/ours/${talk}`, 'We will make it')
    await page.keyboard.press('?')
    await page.getByRole('dialog').waitFor()
  },
  compose: async (page) => {
    await at(page, '/inbox/ours', 'Thanks, when?')
    await page.keyboard.press('c')
    await page.getByRole('dialog').waitFor()
  },
  labels: async (page) => {
    await at(page, `/inbox/ours/${talk}`, 'We will make it')
    await page.keyboard.press('l')
    await page.getByRole('dialog').waitFor()
  },
  profile: (page) => at(page, '/settings/profile', 'How others see you'),
  sessions: (page) => at(page, '/settings/sessions', 'This one'),
  inboxes: (page) => at(page, '/settings/inboxes', 'Where customers reach you'),
  inbox: (page) => at(page, `/settings/inboxes/${world.website.id}`, 'Identity secret'),
  replies: (page) => at(page, '/settings/replies', 'Texts that are ready'),
  'labels of the workspace': (page) => at(page, '/settings/labels', 'Words with a colour'),
  'small talk': (page) => at(page, '/settings/small-talk', 'Every language'),
  teams: (page) => at(page, '/settings/teams', 'Members who share'),
  members: (page) => at(page, '/settings/members', 'ben@acme.example'),
  apps: (page) => at(page, '/settings/apps', 'bot'),
}

async function at(page: Page, path: string, text: string): Promise<void> {
  await page.goto(world.url + path)
  await page.getByText(text).filter({ visible: true }).first().waitFor()
  // What fades in is not yet at its full contrast.
  await page.waitForFunction(() =>
    document.getAnimations().every((one) => one.playState !== 'running'),
  )
}

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [1_440, 360]) {
    test(
      `no screen has a barrier that axe can find, ${colorScheme}, ${width} px`,
      { skip },
      async () => {
        const viewport = { width, height: 800 }
        const context = { viewport, colorScheme, reducedMotion: 'reduce' } as const
        const desk = await openDesk(browser, world.url, { as: world.olivia, context })
        const found: Record<string, string[]> = {}
        for (const [name, open] of Object.entries(screens)) {
          await open(desk.page)
          const wrong = await barriers(desk.page)
          if (wrong.length > 0) found[name] = wrong
          const wide = await desk.page.evaluate(() => document.documentElement.scrollWidth)
          if (wide > width) found[`${name}, wider than the screen`] = [String(wide)]
        }
        assert.deepEqual(found, {})
        assert.deepEqual(desk.faults, [])
        await desk.context.close()
      },
    )
  }
}

test('the way in has no barrier, and neither has a phone in Italian', { skip }, async () => {
  const { page, context } = await openDesk(browser, world.url, {
    context: { viewport: { width: 360, height: 740 }, locale: 'it-IT', reducedMotion: 'reduce' },
  })
  await page.getByRole('heading', { name: 'Accedi' }).waitFor()
  assert.equal(await page.locator('html').getAttribute('lang'), 'it')
  assert.deepEqual(await barriers(page), [])
  await context.close()
})
