import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { until } from '@fermata/testkit/until'
import { startWorld, value, type World } from '@fermata/testkit/world'
import { chromiumHere, openDesk, startBrowser } from '../../browser.world.ts'

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

test('an owner looks into a topic by keys; an agent does not find the page', { skip }, async () => {
  const { client } = world.bot
  value(await client.topics.add({ body: { name: 'orders', partitions: 2 } }))
  const records = [
    { key: 'red', value: '{"bike":1}', partition: 1 },
    { key: null, value: null, partition: 1 },
  ]
  value(await client.records.publish({ params: { topic: 'orders' }, body: { records } }))
  const path = '/settings/topics'
  const { page, faults, context } = await openDesk(browser, world.url, { as: world.olivia, path })
  await page.getByText('2 partitions · 2 records').waitFor()
  const look = page.getByRole('button', { name: 'Look into orders' })
  await look.focus()
  await page.keyboard.press('Enter')
  const inside = page.getByRole('region', { name: 'The last records of orders' })
  await inside.getByText('Nothing in this partition.').waitFor()
  await inside.getByRole('button', { name: /Partition/ }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('option', { name: 'Partition 1: 2 records' }).click()
  await inside.getByText('"bike": 1').waitFor()
  await inside.getByText('deleted').waitFor()
  assert.equal(await inside.getByRole('listitem').count(), 2)
  await page.setViewportSize({ width: 360, height: 740 })
  await until('nothing hangs over at 360 pixels', () =>
    page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement
      return clientWidth === 360 && scrollWidth <= clientWidth
    }),
  )
  assert.deepEqual(faults, [])
  await context.close()

  const ana = await openDesk(browser, world.url, { as: world.ana, path: '/settings/profile' })
  await ana.page.getByRole('heading', { level: 1, name: 'Profile' }).waitFor()
  assert.equal(await ana.page.getByRole('link', { name: 'Topics' }).count(), 0)
  await ana.context.close()
})
