import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, afterEach, before, beforeEach, test } from 'node:test'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import type { ConversationId } from '@fermata/base/ids'
import { startWorld, value, type World } from '@fermata/testkit/world'
import { begins, chromiumHere, openDesk, saidIn, startBrowser } from '../browser.world.ts'

// A stranger's page in the browser of somebody who is signed in. Only its port differs from ours: for a browser
// that is another origin of the same site, so that our cookie goes along with whatever the page asks for.

const { skip } = chromiumHere
let browser: Browser
let world: World
let talk: ConversationId
let stranger: Server
let elsewhere: string
let context: BrowserContext
let own: Page
let foreign: Page

before(async () => {
  if (skip) return
  ;[browser, world] = await Promise.all([startBrowser(), startWorld()])
  talk = await begins(world, world.vera, 'Is anybody there?')
  stranger = createServer((_, answer) => answer.setHeader('content-type', 'text/html').end('<p>'))
  await once(stranger.listen(0, '127.0.0.1'), 'listening')
  elsewhere = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}/`
  ;({ page: own, context } = await openDesk(browser, world.url, { as: world.ana }))
})
beforeEach(async () => {
  if (skip) return
  // A page for each test: one that is still on its way elsewhere would be in the way of the next.
  foreign = await context.newPage()
  await foreign.goto(elsewhere)
})
afterEach(() => foreign?.close())
after(async () => {
  await browser?.close()
  stranger?.closeAllConnections()
  stranger?.close()
  await world?.server.close()
})

/** What came of asking for something with the cookie. */
type Came = 'read' | 'refused' | 'hidden'

/** What a page sends, in what can be handed to it. */
type Order = Pick<RequestInit, 'method' | 'mode'> & {
  body?: string
  headers?: Record<string, string>
}

/** A page asks for something, and says whether it may read the answer. */
function asks(page: Page, path: string, init: Order): Promise<Came> {
  return page.evaluate(
    async ({ address, options }): Promise<Came> => {
      try {
        const answer = await fetch(address, { credentials: 'include', ...options })
        return answer.ok ? 'read' : 'refused'
      } catch {
        return 'hidden'
      }
    },
    { address: world.url + path, options: init },
  )
}

/** Something to say, as a page that may not send JSON would put it. */
function saying(text: string, type: string): Order {
  const body = JSON.stringify({ client: world.ana.client.newId(), text })
  return { method: 'POST', body, headers: { 'content-type': type } }
}

/** Whether the page can open a connection that stays, with the cookie. */
function listens(page: Page, kind: 'socket' | 'stream'): Promise<boolean> {
  const address = `${world.url}/v1/feed${kind === 'socket' ? '/socket' : ''}?since=0`
  return page.evaluate(
    ({ to, isSocket }) =>
      new Promise<boolean>((resolve) => {
        const line = isSocket
          ? new WebSocket(to.replace(/^http/, 'ws'), ['fermata.v1'])
          : new EventSource(to, { withCredentials: true })
        const end = (isOpen: boolean): void => {
          line.close()
          resolve(isOpen)
        }
        line.addEventListener('open', () => end(true))
        line.addEventListener('error', () => end(false))
      }),
    { to: address, isSocket: kind === 'socket' },
  )
}

test('a stranger’s page says nothing in the name of whoever is signed in', { skip }, async () => {
  const path = `/v1/conversations/${talk}/messages`
  assert.equal(await asks(own, path, saying('Ours.', 'application/json')), 'read')
  assert.equal(await asks(foreign, path, saying('Not ours.', 'application/json')), 'hidden')
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
    const order: Order = { ...saying(`Not ours: ${type}.`, type), mode: 'no-cors' }
    assert.equal(await asks(foreign, path, order), 'hidden', type)
  }
  // A form goes along with the cookie too, and leads the page to the answer.
  const answer = foreign.waitForResponse(world.url + path)
  await foreign.evaluate((action) => {
    const form = document.createElement('form')
    Object.assign(form, { method: 'post', action, enctype: 'text/plain' })
    const field = document.createElement('input')
    // As plain text the name, an equals sign and the value together are well-formed JSON.
    field.name = '{"client":"01900000-0000-7000-8000-000000000001","text":"Not ours: a form'
    field.value = '"}'
    form.append(field)
    document.body.append(form)
    form.submit()
  }, world.url + path)
  assert.equal((await answer).status(), 403)
  assert.deepEqual(await saidIn(world.olivia, talk), ['Is anybody there?', 'Ours.'])
})

test('a stranger’s page reads nothing, and signs nobody out', { skip }, async () => {
  for (const path of ['/v1/me', `/v1/conversations/${talk}`, '/v1/feed', '/v1/audit']) {
    assert.equal(await asks(foreign, path, {}), 'hidden', path)
  }
  assert.equal(await asks(foreign, '/v1/sessions/current', { method: 'DELETE' }), 'hidden')
  assert.equal(await asks(own, '/v1/me', {}), 'read', 'still signed in')
  // Read as a program instead of as data, the answer must not even be loaded.
  const isRun = await foreign.evaluate(
    (src) =>
      new Promise<boolean>((resolve) => {
        const script = document.createElement('script')
        script.addEventListener('load', () => resolve(true))
        script.addEventListener('error', () => resolve(false))
        script.src = src
        document.body.append(script)
      }),
    `${world.url}/v1/me`,
  )
  assert.equal(isRun, false)
})

test('a stranger’s page listens to nothing', { skip }, async () => {
  assert.equal(await listens(own, 'socket'), true)
  assert.equal(await listens(own, 'stream'), true)
  assert.equal(await listens(foreign, 'socket'), false)
  assert.equal(await listens(foreign, 'stream'), false)
})

test('a stranger’s page neither frames ours nor holds on to its window', { skip }, async () => {
  const isRefused = foreign.waitForEvent('console', {
    predicate: (message) => message.text().includes('frame-ancestors'),
  })
  await foreign.evaluate((src) => {
    const frame = document.createElement('iframe')
    frame.src = src
    document.body.append(frame)
  }, world.url)
  await isRefused
  const opened = context.waitForEvent('page')
  const isGone = foreign.evaluate(async (address) => {
    const other = window.open(address)!
    // Ours leaves the stranger's group of pages as it loads, and the handle is of a closed window from then on.
    while (!other.closed) await new Promise((resolve) => requestAnimationFrame(resolve))
    return other.closed
  }, `${world.url}/inbox/ours/${talk}`)
  const page = await opened
  await page.getByText('Is anybody there?').first().waitFor()
  assert.equal(await page.evaluate(() => window.opener === null), true)
  await foreign.bringToFront()
  assert.equal(await isGone, true)
})

test(
  'whoever is locked out loses the open page, its data and every door within a second',
  { skip },
  async () => {
    const { page, context: theirs } = await openDesk(browser, world.url, {
      as: world.ben,
      path: `/inbox/ours/${talk}`,
    })
    await page.getByText('Is anybody there?').first().waitFor()
    const { client } = world.olivia
    value(await client.members.deactivate({ params: { member: world.ben.id } }))
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    assert.equal(await page.getByText('Is anybody there?').count(), 0)
    assert.equal(await asks(page, '/v1/me', {}), 'refused')
    assert.equal(await listens(page, 'socket'), false)
    const kept = await page.evaluate(async () => ({
      databases: (await indexedDB.databases()).map(({ name }) => name),
      storage: [localStorage, sessionStorage].map((store) => JSON.stringify(store)),
    }))
    assert.doesNotMatch(JSON.stringify(kept), /anybody/)
    await theirs.close()
  },
)
