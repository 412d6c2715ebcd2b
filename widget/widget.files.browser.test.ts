import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { chromiumHere } from '@fermata/testkit/browser'
import { pngOf } from '@fermata/testkit/picture'
import { uploadFile } from '@fermata/sdk/upload'
import { visit } from './browser.world.ts'
import { done, startDesk, type Desk } from './desk.world.ts'
import { until } from '@fermata/testkit/until'

const { skip } = chromiumHere
let desk: Desk
before(async () => {
  if (skip === false) desk = await startDesk()
})
after(() => desk?.close())

/** The files of the newest conversation's messages. */
async function filesSent() {
  const [row] = await desk.conversations()
  if (row === undefined) return []
  return (await desk.messages(row.id)).flatMap(({ files }) => files)
}

test(
  'a visitor sends a picture with the first word, and sees and fetches what is answered',
  { skip },
  async () => {
    const context = await desk.browser.newContext({ locale: 'en-GB' })
    const { page, chat, open } = await visit(context, desk.host.origin)
    await open()
    await chat.getByRole('button', { name: 'Attach files' }).waitFor()
    await chat.locator('input[type=file]').setInputFiles([
      { name: 'crack.png', mimeType: 'image/png', buffer: pngOf(800, 400) },
      { name: 'oops.txt', mimeType: 'text/plain', buffer: Buffer.from('Not this') },
    ])
    await chat.getByRole('button', { name: 'Remove oops.txt' }).click()
    const attached = chat.getByRole('list', { name: 'Attached files' })
    await attached.getByText(/^\d+ bytes$|kB$/).waitFor()
    await chat.getByRole('textbox').fill('Is this crack bad?')
    await chat.getByRole('button', { name: 'Send', exact: true }).click()
    const picture = chat.getByRole('img', { name: 'crack.png' })
    await picture.waitFor()
    await until('the picture is drawn', () =>
      picture.evaluate((one) => one instanceof HTMLImageElement && one.naturalWidth === 480),
    )
    assert.deepEqual(
      (await filesSent()).map(({ name, width }) => [name, width]),
      [['crack.png', 800]],
    )

    const [row] = await desk.conversations()
    const quiet = { begun: null, onBegun: () => {}, onProgress: () => {} }
    const sent = await uploadFile({
      client: desk.staff,
      name: 'repair.txt',
      source: new Blob(['Glue it.']),
      signal: new AbortController().signal,
      ...quiet,
    })
    assert.ok(sent.ok)
    const body = { client: desk.staff.newId(), text: 'See here.', files: [sent.value.id] }
    await done(desk.staff.messages.post({ params: { conversation: row!.id }, body }))
    const download = page.waitForEvent('download')
    await chat.getByRole('button', { name: 'Download repair.txt' }).click()
    assert.equal((await download).suggestedFilename(), 'repair.txt')
    await context.close()
  },
)

test(
  'a file that was on its way when the page was loaded again goes on when it is chosen again',
  { skip },
  async () => {
    const context = await desk.browser.newContext({
      locale: 'it-IT',
      viewport: { width: 360, height: 700 },
    })
    const first = await visit(context, desk.host.origin)
    let pieces = 0
    await context.route('**/v1/uploads/*', async (route) => {
      if (route.request().method() !== 'PATCH') return route.continue()
      pieces += 1
      return pieces === 1 ? route.continue() : route.abort()
    })
    await first.open()
    const film = { name: 'film.bin', mimeType: '', buffer: Buffer.alloc(2_000_000, 'film ') }
    await first.chat.locator('input[type=file]').setInputFiles([film])
    await first.chat.getByText(/^[1-9]\d?% di/).waitFor()
    assert.equal(await first.chat.getByRole('button', { name: 'Invia' }).isDisabled(), true)
    await first.page.close()
    await context.unroute('**/v1/uploads/*')

    const second = await visit(context, desk.host.origin)
    const asked: number[] = []
    second.page.on('request', (request) => {
      const offset = request.headers()['upload-offset']
      if (request.method() === 'PATCH' && offset !== undefined) asked.push(Number(offset))
    })
    await second.open()
    await second.chat.getByText('Scegli di nuovo questo file').waitFor()
    await second.chat.locator('input[type=file]').setInputFiles([film])
    await second.chat.getByText('2 MB', { exact: true }).waitFor()
    assert.ok((asked[0] ?? 0) > 0, 'what the server has is not sent again')
    await second.chat.getByRole('button', { name: 'Invia' }).click()
    await second.chat.getByRole('button', { name: 'Scarica film.bin' }).waitFor()
    assert.deepEqual(
      (await filesSent()).map((file) => file.bytes),
      [2_000_000],
    )
    const frame = second.page.frames().find((one) => one.url().includes('/widget/frame/'))!
    const wide = await frame.evaluate(() => [
      document.documentElement.scrollWidth,
      document.documentElement.clientWidth,
    ])
    assert.ok(wide[0]! <= wide[1]!, String(wide))
    await context.close()
  },
)
