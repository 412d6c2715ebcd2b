// A real browser for the widget's tests, and what somebody does in it.

import type { BrowserContext, FrameLocator, Page } from 'playwright-core'

/** The widget on a page. */
export interface Shown {
  readonly page: Page
  /** What is inside the frame. */
  readonly chat: FrameLocator
  /** Clicks the launcher. */
  open(): Promise<void>
  /** Writes something and sends it by Enter. */
  say(text: string): Promise<void>
  /** The texts of all messages, in order. */
  said(): Promise<string[]>
}

/** Opens a page and finds the widget on it. */
export async function visit(context: BrowserContext, url: string): Promise<Shown> {
  const page = await context.newPage()
  await page.goto(url)
  const chat = page.frameLocator('fermata-chat iframe')
  return {
    page,
    chat,
    open: () => page.locator('fermata-chat button').click(),
    async say(text) {
      const field = chat.getByRole('textbox')
      await field.fill(text)
      await field.press('Enter')
    },
    // What stands between two blocks, while one is put in the place of another, is nobody's word.
    said: async () =>
      (await chat.locator('.message .text').allInnerTexts()).map((text) => text.trim()),
  }
}

/** Everything that a page and the frames in it receive, as text. */
export function overhear(page: Page): { heard(): Promise<string> } {
  const texts: Promise<string>[] = []
  page.on('websocket', (socket) => {
    socket.on('framereceived', ({ payload }) => texts.push(Promise.resolve(payload.toString())))
  })
  // Redirects and answers without a body have no text.
  page.on('response', (response) => texts.push(response.text().catch(() => '')))
  return { heard: async () => (await Promise.all(texts)).join('\n') }
}
