import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { startWorld, value, type World } from '@fermata/testkit/world'
import { chromiumHere, labelled, openDesk, says, startBrowser } from '../../browser.world.ts'
import { about, handsOn, partsOf } from '../../hands.world.ts'

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

test('what opens takes the focus, though nothing has had it before', { skip }, async () => {
  await about(world, 'Bells')
  const { page, context } = await openDesk(browser, world.url, { as: world.ana })
  const [hands, at] = [handsOn(page), partsOf(page)]
  await at.row('Bells').waitFor()
  // As long as nobody goes anywhere, the focus is left to the browser: the first Tab skips the sidebar.
  assert.equal(await hands.isIdle(), true)
  await page.keyboard.press('g')
  await page.keyboard.press('a')
  await hands.on(at.title('All'))
  await at.row('Bells').waitFor()
  await hands.press('j')
  await hands.on(at.messages)
  await page.reload()
  await at.messages.getByText('A question about Bells').waitFor()
  assert.equal(await hands.isIdle(), true)
  await page.keyboard.press('l')
  await hands.on(at.field('Add a label'))
  await hands.press('Escape')
  await hands.on(at.messages)
  await hands.press('Escape')
  await hands.on(at.row('Bells'))
  await context.close()
})

test('what had the focus may go; what is nearest to it has it then', { skip }, async () => {
  const [wheel, spokes] = [await about(world, 'Wheel'), await about(world, 'Spokes')]
  await says(world.ana, wheel, 'Round ones only.', 'note')
  const path = `/inbox/ours/${wheel}`
  const { page, faults, context } = await openDesk(browser, world.url, { as: world.ana, path })
  const [hands, at] = [handsOn(page), partsOf(page)]
  await at.messages.getByText('Round ones only.').waitFor()
  await page.keyboard.press('Shift+N')
  await hands.on(at.field('Note'))
  await hands.types('Or oval ones.')
  await hands.tabs(at.button('Add the note'))
  await hands.press('Enter')
  await hands.on(at.field('Reply'))

  await hands.tabs(at.button('What to do with the message by Ana'), 'Shift+Tab')
  await hands.press('Enter', 'End')
  await hands.on(page.getByRole('menuitem', { name: 'Delete' }))
  await hands.press('Enter')
  await at.messages.getByText('This message was deleted.').waitFor()
  await hands.on(at.messages)
  await hands.tabs(at.button('Undo'))
  await hands.press('Enter')
  await at.messages.getByText('This message was deleted.').waitFor({ state: 'detached' })
  await hands.on(at.messages)

  await hands.tabs(at.button('Leave: You'))
  await hands.press('Enter')
  await hands.on(at.button('Bring somebody in'))

  // A row that a colleague takes out of the list while somebody stands on it.
  await hands.tabs(at.row('Wheel'), 'Shift+Tab')
  await hands.press('ArrowDown')
  await hands.on(at.row('Spokes'))
  const params = { conversation: spokes }
  value(await world.olivia.client.conversations.resolve({ params }))
  await hands.on(at.row('Wheel'))
  await hands.press('Escape')
  await hands.on(at.row('Wheel'))
  assert.deepEqual(faults, [])
  await context.close()
})

test(
  'a browser that does not tell of what is removed loses no focus either',
  { skip },
  async () => {
    const [hub, rim] = [await about(world, 'Hub'), await about(world, 'Rim')]
    const path = `/inbox/ours/${hub}`
    const { page, context } = await openDesk(browser, world.url, { as: world.ana, path })
    const [hands, at] = [handsOn(page), partsOf(page)]
    await at.row('Rim').waitFor()
    await page.keyboard.press('r')
    await hands.on(at.field('Reply'))
    await hands.tabs(at.row('Hub'), 'Shift+Tab')
    await hands.press('ArrowDown')
    await hands.on(at.row('Rim'))
    await page.evaluate(() => {
      window.addEventListener('focusout', (event) => event.stopImmediatePropagation(), true)
    })
    value(await world.olivia.client.conversations.resolve({ params: { conversation: rim } }))
    await hands.on(at.row('Hub'))
    await context.close()
  },
)

test('a dialog gives the focus back before anything else is looked for', { skip }, async () => {
  const conversation = await about(world, 'Grips')
  const body = { labels: await labelled(world, 'cork', 'foam') }
  value(await world.olivia.client.conversations.change({ params: { conversation }, body }))
  const path = `/inbox/all/${conversation}`
  const { page, context } = await openDesk(browser, world.url, { as: world.ana, path })
  const [hands, at] = [handsOn(page), partsOf(page)]
  await at.button('Remove foam').waitFor()
  await page.keyboard.press('r')
  await hands.on(at.field('Reply'))
  await hands.tabs(at.button('Add a label'))
  await hands.press('Enter')
  await hands.on(at.field('Add a label'))
  const nextFrame = await holdFrames(page)
  await hands.press('Shift+Tab', 'Enter')
  await hands.on(at.dialog('Labels').getByRole('button', { name: 'Remove cork' }))
  await hands.press('Escape')
  await at.dialog('Labels').waitFor({ state: 'detached' })
  assert.equal(await hands.isIdle(), true)
  await nextFrame()
  await hands.on(at.button('Add a label'))
  await context.close()
})

test(
  'what is typed at once is written where it was meant, on a slow page too',
  { skip },
  async () => {
    const conversation = await about(world, 'Tyres')
    await says(world.ana, conversation, 'Winter ones?', 'note')
    const path = `/inbox/all/${conversation}`
    const { page, context } = await openDesk(browser, world.url, { as: world.ana, path })
    const [hands, at] = [handsOn(page), partsOf(page)]
    await at.messages.getByText('Winter ones?').waitFor()
    const nextFrame = await holdFrames(page)
    await page.keyboard.press('r')
    await hands.types('Yes')
    assert.equal(await at.field('Reply').inputValue(), 'Yes')
    await hands.press('Backspace', 'Backspace', 'Backspace', 'ArrowUp')
    await hands.types(' No')
    await nextFrame()
    await hands.types(', summer.')
    assert.equal(await at.field('Note').inputValue(), 'Winter ones? No, summer.')
    await context.close()
  },
)

/** Lets the frames of a page come only one by one, whenever the answered function is called. */
async function holdFrames(page: Page): Promise<() => Promise<void>> {
  const frames = await page.evaluateHandle(() => {
    const waiting = new Map<number, FrameRequestCallback>()
    let last = 0
    window.requestAnimationFrame = (run) => {
      last += 1
      waiting.set(last, run)
      return last
    }
    window.cancelAnimationFrame = (id) => void waiting.delete(id)
    return waiting
  })
  return () =>
    frames.evaluate((waiting) => {
      const now = [...waiting.values()]
      waiting.clear()
      for (const run of now) run(performance.now())
    })
}

test('where one pane hides the other, the focus goes with what is shown', { skip }, async () => {
  await about(world, 'Pedals')
  const viewport = { width: 360, height: 740 }
  const options = { as: world.ana, path: '/inbox/all', context: { viewport } }
  const { page, context } = await openDesk(browser, world.url, options)
  const [hands, at] = [handsOn(page), partsOf(page)]
  await at.row('Pedals').waitFor()
  await page.keyboard.press('Tab')
  await hands.tabs(at.button('Open navigation'))
  await hands.press('Enter')
  await page.getByRole('dialog', { name: 'Navigation' }).waitFor()
  await hands.press('Escape')
  await hands.on(at.button('Open navigation'))
  await hands.tabs(page.getByRole('list', { name: 'All' }).getByRole('link').first())
  await hands.press('Enter')
  await hands.on(at.messages)
  await hands.press('Escape')
  await hands.on(at.title('All'))
  await context.close()
})

test('a click beside everything takes the focus away, and it stays away', { skip }, async () => {
  const saddle = await about(world, 'Saddle')
  const { page, context } = await openDesk(browser, world.url, { as: world.ana })
  const [hands, at] = [handsOn(page), partsOf(page)]
  await at.row('Saddle').click()
  await at.messages.getByText('A question about Saddle').waitFor()
  assert.equal(await hands.isIdle(), false)
  await page.getByText('Acme Bikes').click()
  assert.equal(await hands.isIdle(), true)
  // What was left and goes later is not missed.
  value(await world.olivia.client.conversations.resolve({ params: { conversation: saddle } }))
  await at.row('Saddle').waitFor({ state: 'detached' })
  await page.getByText('Olivia resolved it').waitFor()
  assert.equal(await hands.isIdle(), true)
  await context.close()
})
