import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { addMember, startWorld, value, type World } from '@fermata/testkit/world'
import { chromiumHere, openDesk, startBrowser } from '../../browser.world.ts'
import { title } from '../../hands.world.ts'

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

function said(page: Page, text: string) {
  return page.getByRole('log').getByText(text)
}

function inSidebar(page: Page, name: string | RegExp) {
  return page.getByRole('navigation').getByRole('link', { name })
}

test(
  'a private channel: made, let in, talked in, and gone at once from the screen of whoever is taken out',
  { skip },
  async () => {
    const ana = await openDesk(browser, world.url, { as: world.ana })
    const ben = await openDesk(browser, world.url, { as: world.ben, path: '/channels' })
    await ana.page.getByRole('button', { name: 'Make a channel' }).click()
    const making = ana.page.getByRole('dialog', { name: 'Make a channel' })
    await making.getByRole('textbox', { name: 'Name' }).fill('Workshop')
    await making.getByText('Its members only').click()
    await making.getByRole('button', { name: 'Make a channel' }).click()
    await title(ana.page, 'private Workshop').waitFor()

    await ana.page.getByRole('button', { name: 'Start a conversation' }).click()
    const starting = ana.page.getByRole('dialog', { name: 'Start a conversation' })
    await starting.getByRole('textbox', { name: 'Title' }).fill('The new stand')
    await starting.getByRole('textbox', { name: 'Message' }).fill('It wobbles.')
    await starting.getByRole('button', { name: 'Post' }).click()
    await said(ana.page, 'It wobbles.').waitFor()
    assert.equal(await inSidebar(ben.page, /Workshop/).count(), 0)

    await ana.page.getByRole('button', { name: 'Members' }).click()
    const people = ana.page.getByRole('dialog', { name: 'Members' })
    await people.getByRole('button', { name: 'Add Ben' }).click()
    await people.getByRole('listitem').filter({ hasText: 'Ben' }).first().waitFor()

    await inSidebar(ben.page, /Workshop/).click()
    await ben.page.getByRole('link', { name: /The new stand/ }).click()
    await said(ben.page, 'It wobbles.').waitFor()
    await ben.page.getByRole('textbox', { name: 'Reply' }).fill('I have a wedge.')
    await ben.page.keyboard.press('Control+Enter')
    await said(ana.page, 'I have a wedge.').waitFor()
    assert.equal(await ben.page.getByRole('radio', { name: 'Note' }).count(), 0)

    await people.getByRole('button', { name: 'Take Ben out' }).click()
    await ben.page.getByText('This is not there any more, or you may not see it.').waitFor()
    assert.equal(await inSidebar(ben.page, /Workshop/).count(), 0)
    assert.equal(await ben.page.getByText('wobbles').count(), 0)
    assert.deepEqual([...ana.faults, ...ben.faults], [])
    await ana.context.close()
    await ben.context.close()
  },
)

test(
  'a guest sees only the channel that they were let into, and talks directly with whom they know',
  { skip },
  async () => {
    const { client } = world.olivia
    const gus = await addMember(world.url, client, 'Gus', 'guest')
    const open = value(await client.channels.add({ body: { name: 'Everybody' } }))
    const site = value(await client.channels.add({ body: { name: 'Building site' } }))
    const params = { channel: site.id, member: gus.id }
    value(await client.channels.join({ params }))
    const message = { client: client.newId(), text: 'Bring boots.' }
    const body = { subject: 'Tomorrow', message }
    value(await client.channels.open({ params: { channel: site.id }, body }))

    const desk = await openDesk(browser, world.url, { as: gus, path: '/channels' })
    const { page } = desk
    await page.getByRole('main').getByRole('link', { name: 'Building site' }).waitFor()
    assert.equal(await page.getByText('Everybody').count(), 0)
    await page.goto(`${world.url}/channels/${open.id}`)
    await page.getByText('This is not there any more, or you may not see it.').waitFor()
    await inSidebar(page, /Building site/).click()
    await page.getByRole('link', { name: /Tomorrow/ }).click()
    await said(page, 'Bring boots.').waitFor()

    await title(page, 'Building site').click()
    await page.keyboard.press('x')
    const dialog = page.getByRole('dialog', { name: 'New direct conversation' })
    await dialog.getByRole('button', { name: 'Add Olivia' }).click()
    await dialog.getByRole('button', { name: 'Talk' }).click()
    await page.getByRole('textbox', { name: 'Reply' }).fill('Which size?')
    await page.keyboard.press('Control+Enter')
    await inSidebar(page, 'Olivia').waitFor()

    const other = await openDesk(browser, world.url, { as: world.olivia })
    await inSidebar(other.page, /^Gus/).click()
    await said(other.page, 'Which size?').waitFor()
    assert.deepEqual([...desk.faults, ...other.faults], [])
    await desk.context.close()
    await other.context.close()
  },
)
