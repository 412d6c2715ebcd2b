import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { systemClock } from '@fermata/base/clock'
import { createClient } from '@fermata/sdk/client'
import { chromiumHere, startBrowser } from '@fermata/testkit/browser'
import { browserFetch } from '@fermata/testkit/cookies'
import { startServer, type RunningServer } from '@fermata/testkit/server'
import { value } from '@fermata/testkit/world'

const { skip } = chromiumHere
const olivia = { email: 'olivia@acme.example', password: 'a horse and a bicycle' }

/** The newcomer follows the printed link and sets the server up. */
async function setUp(page: Page, server: RunningServer): Promise<void> {
  const link = /\bhttp:\/\/\S+\/setup\S+/.exec(server.logs())?.[0]
  assert.ok(link !== undefined, `no set-up link was printed:\n${server.logs()}`)
  await page.goto(link)
  await page.getByLabel('Workspace').fill('Acme Bikes')
  await page.getByLabel('Your name').fill('Olivia')
  await page.getByLabel('E-mail').fill(olivia.email)
  await page.getByLabel('Password').fill(olivia.password)
  await page.getByRole('button', { name: 'Set up' }).click()
  await page.getByText('Nobody waits for you.').waitFor()
}

/** The customer's side: the widget on the page to try it. */
async function shop(page: Page, url: string) {
  await page.goto(`${url}/try`)
  const chat = page.frameLocator('fermata-chat iframe')
  await page.locator('fermata-chat').getByRole('button', { name: 'Open the chat' }).click()
  return {
    chat,
    async say(text: string) {
      await chat.getByRole('textbox').fill(text)
      await chat.getByRole('textbox').press('Enter')
    },
    /** Waits until a text stands in the thread. */
    sees: (text: string) => chat.locator('.message .text', { hasText: text }).first().waitFor(),
  }
}

/** The agent's side of the conversation that is open. */
function desk(page: Page) {
  const thread = page.getByRole('main')
  return {
    async answer(text: string) {
      await page.getByRole('textbox', { name: 'Reply' }).fill(text)
      await page.getByRole('button', { name: 'Send', exact: true }).click()
    },
    sees: (text: string) => thread.getByText(text).last().waitFor(),
  }
}

/** What the server holds in the end, as a program reads it. */
async function kept(url: string): Promise<{ texts: string[]; numbers: number[]; status: string }> {
  const random = (bytes: Uint8Array<ArrayBuffer>) => crypto.getRandomValues(bytes)
  const client = createClient({ url, clock: systemClock(), random, fetch: browserFetch(url) })
  value(await client.call('sessions.start', { body: olivia }))
  const { rows } = value(await client.call('conversations.list', { query: { list: 'all' } }))
  assert.equal(rows.length, 1, 'one conversation')
  const params = { conversation: rows[0]!.id }
  const { messages } = value(await client.call('messages.list', { params, query: { limit: 100 } }))
  return {
    texts: messages.map(({ text }) => text),
    numbers: messages.map(({ number }) => number),
    status: rows[0]!.status,
  }
}

test(
  'a customer and an agent write, say later, leave, come back after a crash, and go on',
  { skip },
  async (t) => {
    const server = await startServer({
      env: { FERMATA_OWNER_EMAIL: '', FERMATA_OWNER_PASSWORD: '' },
    })
    t.after(() => server.close())
    const browser = await startBrowser()
    t.after(() => browser.close())
    // Two people at two machines: nothing is shared between the contexts.
    const office = await (await browser.newContext({ locale: 'en-GB' })).newPage()
    const home = await browser.newContext({ locale: 'en-GB' })
    await setUp(office, server)

    const firstVisit = await home.newPage()
    let customer = await shop(firstVisit, server.url)
    await customer.say('The chain came off, again.')
    await office.getByText('The chain came off, again.').first().click()
    const agent = desk(office)
    await agent.sees('The chain came off, again.')
    await agent.answer('Which bike is it?')
    await customer.sees('Which bike is it?')

    // The customer says "later" and closes the tab; the agent sees it at once.
    await customer.chat.getByRole('button', { name: 'I’ll come back later' }).click()
    await customer.chat.getByRole('button', { name: 'I don’t know yet' }).click()
    await office
      .getByText(/said “later”/)
      .first()
      .waitFor()
    await firstVisit.close()

    // The agent answers meanwhile, and the server dies with the words just said.
    await agent.answer('Take your time. The spare part is here.')
    await agent.sees('Take your time. The spare part is here.')
    await office.locator('[data-pending]').waitFor({ state: 'detached' })
    await server.kill('SIGKILL')

    // While nobody is there, the agent goes on writing; the browser keeps it.
    await agent.answer('We close at six.')
    await agent.sees('We close at six.')
    await server.restart()

    // Days later the customer is back in the same browser, and everything is there, once.
    const secondVisit = await home.newPage()
    customer = await shop(secondVisit, server.url)
    const mine = customer.chat.getByText('The spare part is here').first()
    const entry = customer.chat.getByRole('button', { name: /spare part|We close at six/ }).first()
    await mine.or(entry).first().waitFor()
    if (await entry.isVisible()) await entry.click()
    await customer.sees('We close at six.')
    await customer.say('It is the blue one. See you tomorrow.')
    await agent.sees('It is the blue one. See you tomorrow.')

    // Now the agent says "later", by keyboard, and the customer wakes it again. Escape leaves the reply's field.
    await office.keyboard.press('Escape')
    await office.keyboard.press('h')
    await office.keyboard.type('tomorrow')
    await office.keyboard.press('Enter')
    await office
      .getByText(/^Paused until/)
      .first()
      .waitFor()
    await office.getByRole('link', { name: /^Paused/ }).click()
    const waiting = office.getByText('It is the blue one. See you tomorrow.').first()
    await waiting.waitFor()
    await server.kill('SIGKILL')
    await customer.say('Or rather today?')
    await server.restart()
    await office.getByText('Nothing is paused.').waitFor()
    await office.getByRole('link', { name: /^Our turn/ }).click()
    await office.getByText('Or rather today?').first().waitFor()

    assert.deepEqual(await kept(server.url), {
      texts: [
        'The chain came off, again.',
        'Which bike is it?',
        'Take your time. The spare part is here.',
        'We close at six.',
        'It is the blue one. See you tomorrow.',
        'Or rather today?',
      ],
      numbers: [1, 2, 3, 4, 5, 6],
      status: 'open',
    })
  },
)
