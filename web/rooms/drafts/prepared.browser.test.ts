import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { until } from '@fermata/testkit/until'
import { addVisitor, startWorld, value, type World } from '@fermata/testkit/world'
import { begins, chromiumHere, openDesk, startBrowser } from '../../browser.world.ts'

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

test(
  'what was begun with a prepared reply is kept, shared and sent later like any other words',
  { skip },
  async () => {
    const { client } = world.ana
    const prepared = { title: 'Delayed', body: 'It is late.', shared: false }
    value(await client.replies.add({ body: prepared }))
    const vera = await addVisitor(world.url, world.website)
    const id = await begins(world, vera, 'Where is my bell?')
    const params = { conversation: id }
    const path = `/inbox/all/${id}`
    const { page, faults, context } = await openDesk(browser, world.url, { as: world.ana, path })
    const field = page.getByRole('textbox', { name: 'Reply' })
    const prepare = async (): Promise<void> => {
      await field.pressSequentially('/del')
      await page.getByRole('option', { name: /Delayed/ }).waitFor()
      await page.keyboard.press('Enter')
    }
    await prepare()
    await until('the server has the draft', async () => {
      const { mine } = value(await client.drafts.get({ params }))
      return mine?.text === 'It is late.'
    })

    const chosen = { name: 'bell.txt', mimeType: 'text/plain', buffer: Buffer.from('ding') }
    await page.setInputFiles('input[type=file]', [chosen])
    await page.getByText('bell.txt').waitFor()
    await page.getByRole('button', { name: 'More ways to send' }).click()
    await page.getByRole('menuitem', { name: 'Share as a draft' }).click()
    await page.getByRole('region', { name: 'Shared draft' }).getByText('It is late.').waitFor()
    await until('the field is empty', async () => (await field.inputValue()) === '')
    await page.getByText('bell.txt').waitFor()

    await prepare()
    await page.getByRole('button', { name: 'More ways to send' }).click()
    await page.getByRole('menuitem', { name: 'Send later…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Send later' })
    await dialog.getByRole('textbox', { name: 'When' }).fill('tomorrow 9')
    await page.keyboard.press('Enter')
    await until('it is scheduled', async () => {
      const { scheduled } = value(await client.drafts.list())
      return scheduled[0]?.text === 'It is late.' && scheduled[0].files.length === 1
    })
    assert.deepEqual(faults, [])
    await context.close()
  },
)
