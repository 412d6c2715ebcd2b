// A hand on a keyboard, and what it can reach on the screen, for the tests of the web app.

import assert from 'node:assert/strict'
import type { Locator, Page } from 'playwright-core'
import type { ConversationId } from '@fermata/base/ids'
import { until } from '@fermata/testkit/until'
import { addVisitor, value, type World } from '@fermata/testkit/world'
import { begins } from './browser.world.ts'

/** A new visitor begins a conversation, which is given a subject. */
export async function about(where: World, subject: string): Promise<ConversationId> {
  const visitor = await addVisitor(where.url, where.website)
  const conversation = await begins(where, visitor, `A question about ${subject}`)
  const { client } = where.olivia
  value(await client.conversations.change({ params: { conversation }, body: { subject } }))
  return conversation
}

/** The heading with which a screen begins. */
export function title(page: Page, name: string): Locator {
  return page.getByRole('heading', { level: 1, name, exact: true })
}

/** A keyboard, and nothing else. It is never pressed while nothing has the focus. */
export interface Hands {
  /** Whether nothing has the focus. */
  isIdle(): Promise<boolean>
  press(...keys: string[]): Promise<void>
  types(text: string): Promise<void>
  /** Presses Tab, or Shift+Tab, until something has the focus. */
  tabs(to: Locator, key?: 'Tab' | 'Shift+Tab'): Promise<void>
  /** Waits until something has the focus. */
  on(what: Locator): Promise<void>
}

/** Lays a hand on the keyboard before a page. */
export function handsOn(page: Page): Hands {
  const { keyboard } = page
  const focus = page.locator(':focus')
  const focused = () =>
    page.evaluate(() => {
      const at = document.activeElement
      const name = at?.getAttribute('aria-label') ?? at?.textContent?.slice(0, 40) ?? ''
      return at === null || at === document.body ? 'nothing' : `${at.tagName} “${name}”`
    })
  /** What is gone gives the focus back in the next frame, which a busy machine draws late. */
  const ready = (before: string): Promise<void> =>
    until(`something has the focus, before ${before}`, async () => (await focused()) !== 'nothing')
  const press = async (...keys: string[]): Promise<void> => {
    for (const key of keys) {
      await ready(key)
      await keyboard.press(key)
    }
  }
  return {
    isIdle: async () => (await focused()) === 'nothing',
    press,
    async types(text) {
      await ready(text)
      await keyboard.type(text)
    },
    async tabs(to, key = 'Tab') {
      for (let presses = 0; presses < 40; presses++) {
        await press(key)
        if ((await to.and(focus).count()) > 0) return
      }
      assert.fail(`${key} does not lead to ${String(to)}`)
    },
    async on(what) {
      await what
        .and(focus)
        .waitFor()
        .catch(async () => assert.fail(`${await focused()} has the focus, not ${String(what)}`))
    },
  }
}

/** What the screen shows and a hand may reach. */
export function partsOf(page: Page) {
  const field = (name: string) => page.getByRole('textbox', { name, exact: true })
  const button = (name: string) => page.getByRole('button', { name, exact: true })
  const names = /^(My turn|Unassigned|Our turn|Paused|Resolved|All)$/
  const rows = page.getByRole('list', { name: names })
  return {
    field,
    button,
    title: (name: string) => title(page, name),
    row: (name: string) => rows.getByRole('link', { name }),
    messages: page.getByRole('log'),
    dialog: (name: string) => page.getByRole('dialog', { name }),
  }
}
