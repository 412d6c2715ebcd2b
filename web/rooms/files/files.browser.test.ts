import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import type { ConversationId } from '@fermata/base/ids'
import { pngOf } from '@fermata/testkit/picture'
import { until } from '@fermata/testkit/until'
import { addVisitor, startWorld, value, type Visitor, type World } from '@fermata/testkit/world'
import { uploadFile } from '@fermata/sdk/upload'
import {
  begins,
  chromiumHere,
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

/** A visitor asks something, and Olivia opens it. */
async function opened(text: string, width = 1440, given: BrowserContextOptions = {}) {
  const vera = await addVisitor(world.url, world.website)
  const id = await begins(world, vera, text)
  const path = `/inbox/ours/${id}`
  const context = { viewport: { width, height: 800 }, ...given }
  const desk = await openDesk(browser, world.url, { as: world.olivia, path, context })
  await desk.page.getByRole('log').getByText(text).waitFor()
  return { ...desk, vera, id }
}

/** Drops or pastes files, as the browser would tell of it. */
async function hand(
  page: Page,
  how: 'drop' | 'paste',
  files: readonly { name: string; type: string; bytes: Buffer }[],
): Promise<void> {
  const plain = files.map(({ name, type, bytes }) => ({
    name,
    type,
    base64: bytes.toString('base64'),
  }))
  await page.getByRole('textbox', { name: 'Reply' }).evaluate(
    (field, given: { how: string; files: typeof plain }) => {
      const carrier = new DataTransfer()
      for (const { name, type, base64 } of given.files) {
        const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
        carrier.items.add(new File([bytes], name, { type }))
      }
      const shared = { bubbles: true, cancelable: true }
      field.dispatchEvent(
        given.how === 'drop'
          ? new DragEvent('drop', { ...shared, dataTransfer: carrier })
          : new ClipboardEvent('paste', { ...shared, clipboardData: carrier }),
      )
    },
    { how, files: plain },
  )
}

async function filesIn(vera: Visitor, conversation: ConversationId) {
  const said = value(await vera.client.messages.list({ params: { conversation } }))
  return said.messages.flatMap(({ files }) => files)
}

/** Sends a file as a visitor's program would, whatever it is. */
async function sends(vera: Visitor, conversation: ConversationId, name: string, bytes: Buffer) {
  const source = new Blob([new Uint8Array(bytes)])
  const quiet = { begun: null, onBegun: () => {}, onProgress: () => {} }
  const signal = new AbortController().signal
  const file = value(await uploadFile({ client: vera.client, name, source, signal, ...quiet }))
  const body = { client: vera.client.newId(), text: '', files: [file.id] }
  value(await vera.client.messages.post({ params: { conversation }, body }))
  return file
}

test(
  'files are chosen, dropped and pasted, one is taken off again, and the rest arrive',
  { skip },
  async () => {
    const { page, vera, id, faults, context } = await opened('Can I see the brake?')
    await page.setInputFiles('input[type=file]', [
      { name: 'brake.png', mimeType: 'image/png', buffer: pngOf(900, 600) },
    ])
    await hand(page, 'drop', [
      { name: 'terms.txt', type: 'text/plain', bytes: Buffer.from('Ours.') },
    ])
    await hand(page, 'paste', [{ name: 'oops.txt', type: 'text/plain', bytes: Buffer.from('Not') }])
    const attached = page.getByRole('list', { name: 'Attached files' })
    await page.getByRole('button', { name: 'Remove oops.txt' }).click()
    await attached.getByText('5 bytes').waitFor()
    assert.equal(await attached.getByRole('listitem').count(), 2)
    await page.getByRole('button', { name: 'Send', exact: true }).click()
    const log = page.getByRole('log')
    const picture = log.getByRole('link', { name: 'Open brake.png' })
    await picture.getByRole('img').waitFor()
    assert.equal(await attached.getByText('terms.txt').count(), 1, 'only in the message now')
    const isDrawn = (image: SVGElement | HTMLElement): boolean =>
      image instanceof HTMLImageElement && image.complete && image.naturalWidth === 480
    await page.waitForFunction(isDrawn, await picture.getByRole('img').elementHandle())
    assert.deepEqual(
      (await filesIn(vera, id)).map(({ name, width }) => [name, width]),
      [
        ['brake.png', 900],
        ['terms.txt', null],
      ],
    )
    const download = page.waitForEvent('download')
    await log.getByRole('link', { name: /^Download terms.txt/ }).click()
    assert.equal((await download).suggestedFilename(), 'terms.txt')
    assert.deepEqual(faults, [])
    await context.close()
  },
)

test(
  'an upload that is cut off goes on after the page was loaded again, and is sent once',
  { skip },
  async () => {
    const { page, vera, id, context } = await opened('Where is the film?', 1440, unworked)
    /** Where the pieces began that were sent, in order. */
    const offsets: number[] = []
    let dead = true
    await page.route('**/v1/uploads/*', async (route) => {
      if (route.request().method() !== 'PATCH') return route.continue()
      // The first piece gets through, and then the line is dead.
      const first = offsets.push(Number(route.request().headers()['upload-offset'])) === 1
      return first || !dead ? route.continue() : route.abort()
    })
    const bytes = Buffer.alloc(3_000_000, 'film ')
    await page.setInputFiles('input[type=file]', [
      { name: 'film.bin', mimeType: '', buffer: bytes },
    ])
    const attached = page.getByRole('list', { name: 'Attached files' })
    await attached.getByText(/^[1-9]\d?% of/).waitFor()
    assert.equal(await page.getByRole('button', { name: 'Send', exact: true }).isDisabled(), true)
    await until('it is kept where it goes on', async () => /"begun":"fil_/.test(await kept(page)))
    await page.reload({ waitUntil: 'commit' })
    dead = false
    await attached.getByText('3 MB', { exact: true }).waitFor()
    assert.equal(offsets[0], 0)
    assert.ok(offsets.length > 1)
    assert.ok(
      offsets.slice(1).every((offset) => offset > 0),
      'what the server has is not sent again',
    )
    await page.getByRole('button', { name: 'Send', exact: true }).click()
    await page
      .getByRole('log')
      .getByRole('link', { name: /^Download film.bin/ })
      .waitFor()
    assert.deepEqual(
      (await filesIn(vera, id)).map((file) => file.bytes),
      [3_000_000],
    )
    await context.close()
  },
)

test('a new conversation begins with a file', { skip }, async () => {
  const context = { viewport: { width: 1200, height: 900 } }
  const desk = await openDesk(browser, world.url, {
    as: world.olivia,
    path: '/inbox/ours',
    context,
  })
  const { page } = desk
  await page.getByRole('button', { name: 'New conversation' }).first().click()
  const dialog = page.getByRole('dialog', { name: 'New conversation' })
  await dialog.getByRole('combobox').last().fill('nina@example.com')
  await dialog
    .locator('input[type=file]')
    .setInputFiles([{ name: 'offer.txt', mimeType: 'text/plain', buffer: Buffer.from('For you') }])
  await dialog.getByText('7 bytes').waitFor()
  await dialog.getByRole('button', { name: 'Send' }).click()
  await page
    .getByRole('log')
    .getByRole('link', { name: /^Download offer.txt/ })
    .waitFor()
  await desk.context.close()
})

test('everything is reached with the keyboard and fits a narrow screen', { skip }, async () => {
  const { page, context } = await opened('A narrow question', 360)
  await page.setInputFiles('input[type=file]', [
    {
      name: `${'a-very-long-name-'.repeat(8)}.txt`,
      mimeType: 'text/plain',
      buffer: Buffer.from('x'),
    },
  ])
  const remove = page.getByRole('button', { name: /^Remove a-very-long/ })
  await remove.waitFor()
  const wide = await page.evaluate(() => document.documentElement.scrollWidth)
  assert.ok(wide <= 360, `${wide} px`)
  await page.getByRole('textbox', { name: 'Reply' }).focus()
  for (let presses = 0; presses < 6; presses++) {
    if (await remove.evaluate((one) => one === document.activeElement)) break
    await page.keyboard.press('Tab')
  }
  await page.keyboard.press('Enter')
  await remove.waitFor({ state: 'detached' })
  const attach = page.getByRole('button', { name: 'Attach files' })
  const chooser = page.waitForEvent('filechooser')
  await attach.focus()
  await page.keyboard.press('Enter')
  await chooser
  await context.close()
})

test(
  'markup and scripts that come as files run nowhere, whatever they are called',
  { skip },
  async () => {
    const { page, vera, id, context } = await opened('Here is my logo')
    const script = `document.title='owned';fetch('/v1/me').then(r=>r.text()).then(t=>parent.postMessage(t,'*'))`
    const svg = Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" onload="${script.replaceAll("'", '&apos;')}"><script>${script}</script></svg>`,
    )
    const html = Buffer.from(`<!doctype html><script>${script}</script>`)
    // A file that is a picture by its first bytes and markup behind them.
    const both = Buffer.concat([Buffer.from('GIF89a'), Buffer.from(`/*<script>${script}</script>`)])
    const named: [string, Buffer][] = [
      ['logo.svg', svg],
      ['logo.png', svg],
      ['page.html', html],
      ['logo.gif', both],
      [`"><img src=x onerror=${script}>.png`, pngOf(20, 20)],
    ]
    for (const [name, bytes] of named) {
      const file = await sends(vera, id, name, bytes)
      const path = `/files/${file.id}`
      const answer = await context.request.get(world.url + path)
      const headers = answer.headers()
      assert.equal(headers['x-content-type-options'], 'nosniff', name)
      assert.match(headers['content-security-policy'] ?? '', /default-src 'none'.*sandbox/, name)
      assert.doesNotMatch(headers['content-type'] ?? '', /svg|html|xml|script/, name)
      const isPicture = file.thumbnail
      assert.equal(headers['content-disposition']?.startsWith('inline'), isPicture, name)
      // Opened by hand, as a frame, as a script and as a picture, it does nothing.
      const did = await page.evaluate(async (address) => {
        const heard: unknown[] = []
        window.addEventListener('message', (event) => heard.push(event.data))
        const ends = (part: HTMLElement) =>
          new Promise((resolve) => {
            part.addEventListener('load', resolve)
            part.addEventListener('error', resolve)
            document.body.append(part)
          })
        const made = (tag: 'iframe' | 'script' | 'object'): HTMLElement => {
          const part = document.createElement(tag)
          part.setAttribute(tag === 'object' ? 'data' : 'src', address)
          return part
        }
        await Promise.race([ends(made('script')), ends(made('object'))])
        document.body.append(made('iframe'))
        const beat = new Promise((resolve) =>
          requestAnimationFrame(() => requestAnimationFrame(resolve)),
        )
        await beat
        return { heard, title: document.title }
      }, path)
      assert.deepEqual(did.heard, [], name)
      assert.notEqual(did.title, 'owned', name)
    }
    await page.reload()
    await page
      .getByRole('log')
      .getByRole('link', { name: /logo.svg/ })
      .waitFor()
    assert.equal(await page.locator('img[onerror]').count(), 0)
    assert.notEqual(await page.title(), 'owned')
    // A page of its own: whatever the browser makes of it, it is not of our origin.
    const files = await filesIn(vera, id)
    const image = files.find(({ thumbnail }) => thumbnail)!
    const tab = await context.newPage()
    await tab.goto(`${world.url}/files/${image.id}`)
    assert.equal(await tab.evaluate(() => window.origin), 'null')
    await context.close()
  },
)
