// A real browser before the real server, for the tests of the web app.

import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import type { ConversationId, LabelId } from '@fermata/base/ids'
import { startBrowser as launch } from '@fermata/testkit/browser'
import { until } from '@fermata/testkit/until'
import { value, type Person, type Visitor, type World } from '@fermata/testkit/world'

export { chromiumHere } from '@fermata/testkit/browser'

/** The folder that the server shows; the tests look at what was built last. */
export const dist = fileURLToPath(new URL('./dist/', import.meta.url))

/** Starts a browser without a screen. */
export function startBrowser(): Promise<Browser> {
  if (!existsSync(`${dist}index.html`)) throw new Error('the web app is not built')
  return launch()
}

/** A browser of one member, signed in, with one page open. */
export interface Desk {
  readonly context: BrowserContext
  readonly page: Page
  /** What went wrong in the page: uncaught errors and whatever the console calls an error. */
  readonly faults: string[]
}

/** Without a service worker: a page's requests that pass one are not always told to a test that holds or counts them. */
export const unworked: BrowserContextOptions = { serviceWorkers: 'block' }

/** Opens a page of the app in a browser of its own; without a person nobody is signed in. */
export async function openDesk(
  browser: Browser,
  url: string,
  options: { as?: Person; path?: string; context?: BrowserContextOptions } = {},
): Promise<Desk> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    locale: 'en-GB',
    timezoneId: 'Europe/Rome',
    ...options.context,
  })
  if (options.as) await signInto(context, url, options.as)
  const page = await context.newPage()
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(String(error)))
  page.on('console', (message) => {
    // A refused or lost request is told to the console as an error, though nothing is wrong with the page.
    const isRequest = message.text().startsWith('Failed to load resource')
    if (message.type() === 'error' && !isRequest) faults.push(message.text())
  })
  await page.goto(url + (options.path ?? '/'))
  return { context, page, faults }
}

/** Signs a person in without the page, which the tests of signing in do with it. */
async function signInto(context: BrowserContext, url: string, person: Person): Promise<void> {
  const { email, password } = person
  const options = { data: { email, password }, headers: { origin: url } }
  const answer = await context.request.post(`${url}/v1/sessions`, options)
  if (!answer.ok()) throw new Error(`${email} could not sign in: ${await answer.text()}`)
}

/** Everything that the browser keeps for a page, with its names, as one text. */
export function kept(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const texts = [JSON.stringify(Object.entries(localStorage))]
    for (const { name = '' } of await indexedDB.databases()) {
      const all = await new Promise<unknown>((resolve) => {
        const open = indexedDB.open(name)
        open.addEventListener('success', () => {
          const shelf = open.result.transaction('kept').objectStore('kept')
          const [names, values] = [shelf.getAllKeys(), shelf.getAll()]
          values.addEventListener('success', () => {
            resolve([names.result, values.result])
            open.result.close()
          })
        })
      })
      texts.push(JSON.stringify(all))
    }
    return texts.join('\n')
  })
}

/** Leaves the page as far as keeping goes: waits until what it shows of these words is kept. */
export async function keepsWhatItShows(page: Page, words: string): Promise<void> {
  await page.evaluate(() => window.dispatchEvent(new Event('pagehide')))
  await until('it is kept', async () => {
    const text = await kept(page)
    return text.includes('snapshot/') && text.includes('"last"') && text.includes(words)
  })
}

/** A visitor begins a conversation in the inbox Website. */
export async function begins(
  world: World,
  visitor: Visitor,
  text: string,
): Promise<ConversationId> {
  const { client } = visitor
  const body = { inbox: world.website.id, message: { client: client.newId(), text } }
  return value(await client.conversations.open({ body })).conversation.id
}

/** Somebody says something in a conversation. */
export async function says(
  who: Pick<Visitor, 'client'>,
  conversation: ConversationId,
  text: string,
  kind: 'reply' | 'note' = 'reply',
): Promise<void> {
  const { client } = who
  const body = { client: client.newId(), text, ...(kind === 'note' ? { kind } : {}) }
  value(await client.messages.post({ params: { conversation }, body }))
}

/** The labels of these names, as Olivia adds them. */
export function labelled(world: World, ...names: readonly string[]): Promise<LabelId[]> {
  const { client } = world.olivia
  return Promise.all(
    names.map(async (name) => value(await client.labels.add({ body: { name } })).id),
  )
}

/** The texts of a conversation's messages, in order, as the server has them. */
export async function saidIn(
  who: Pick<Person, 'client'>,
  conversation: ConversationId,
): Promise<string[]> {
  const answer = await who.client.messages.list({ params: { conversation } })
  return value(answer).messages.map(({ text }) => text)
}
