import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { systemClock } from '@fermata/base/clock'
import { chromiumHere } from '@fermata/testkit/browser'
import { visit } from './browser.world.ts'
import { done, startDesk, type Desk } from './desk.world.ts'
import { answerBy, momentText } from './frame/times.ts'
import { until } from '@fermata/testkit/until'

const { skip } = chromiumHere
const clock = systemClock()
let desk: Desk
before(async () => {
  if (skip === false) desk = await startDesk()
})
after(() => desk?.close())

/** The newest conversation of the inbox. */
async function newest() {
  const [row] = await desk.conversations()
  assert.ok(row)
  return row
}

test('a stranger is greeted by an honest time, and nothing is kept of them', { skip }, async () => {
  const place = { zone: 'America/New_York', locale: 'en-GB' }
  const context = await desk.browser.newContext({ locale: place.locale, timezoneId: place.zone })
  const { page, chat, open } = await visit(context, desk.host.origin)
  const promise = (): string => {
    const now = clock.now()
    return `We answer by ${momentText(answerBy(now, 30)!, now, place)} your time`
  }
  const early = promise()
  await open()
  await chat.getByText('Ask us about clay.').waitFor()
  const told = await chat.getByText('We answer by').innerText()
  assert.ok([early, promise()].includes(told), told)

  const keptOn = (window: { localStorage: Storage; sessionStorage: Storage }) =>
    window.localStorage.length + window.sessionStorage.length
  assert.equal(await page.evaluate(`(${keptOn.toString()})(window)`), 0)
  const frame = page.frames().find((one) => one.url().includes('/widget/frame/'))
  // This browser, like many, denies storage to frames of other sites; then there is nothing to keep.
  const inFrame = await frame!.evaluate(`(${keptOn.toString()})(window)`).catch(String)
  assert.match(String(inFrame), /^0$|Access is denied/)
  assert.deepEqual(await context.cookies(), [])
  assert.equal((await done(desk.staff.contacts.list())).rows.length, 0)
  await context.close()
})

test(
  'a conversation waits for both: written, answered, left, taken up, paused, resumed',
  { skip },
  async () => {
    const context = await desk.browser.newContext({ locale: 'en-GB' })
    const first = await visit(context, desk.host.origin)
    await first.open()
    await first.say('Is the bowl safe in the oven?')
    await first.chat.getByRole('button', { name: 'I’ll come back later' }).waitFor()
    const { id } = await newest()
    assert.deepEqual(
      (await desk.messages(id)).map(({ text }) => text),
      ['Is the bowl safe in the oven?'],
    )

    const writing = first.chat.getByText('is writing')
    // Only those hear of it who are connected by now.
    await until('they see who writes', async () => {
      await desk.staff.presence.put({ params: { conversation: id }, body: { doing: 'reply' } })
      return (await writing.count()) > 0
    })
    const read = first.page.waitForResponse(
      (answer) => answer.request().method() === 'PUT' && answer.url().endsWith('/cursor'),
    )
    await desk.answer(id, 'Yes, up to **220 °C**.')
    await first.chat.locator('strong', { hasText: '220 °C' }).waitFor()
    await writing.waitFor({ state: 'detached' })
    await read
    await first.page.close()

    // While nobody is there, an answer comes in. The launcher of the next page tells of it.
    await desk.answer(id, 'And let it cool down.')
    const second = await visit(context, `${desk.host.origin}/another`)
    await second.page.getByRole('button', { name: 'Open the chat (1 new answer)' }).waitFor()
    await second.open()
    await second.chat.getByText('And let it cool down.').waitFor()
    assert.equal((await second.said()).length, 3)

    await second.chat.getByRole('button', { name: 'I’ll come back later' }).click()
    await second.chat.getByText('Our answer will be here').waitFor()
    await second.chat.getByRole('button', { name: 'Tomorrow morning' }).click()
    await second.chat.getByText('You said you would come back by tomorrow').waitFor()
    const pausedBy = async () => (await newest()).pause?.side ?? null
    await second.chat.getByRole('button', { name: 'I’m back' }).waitFor()
    await until('it is paused', async () => (await pausedBy()) !== null)
    const { pause, status } = await newest()
    assert.deepEqual([status, pause?.side], ['paused', 'theirs'])
    assert.ok(pause?.until !== null && pause!.until > clock.now())

    await second.say('I am back already.')
    await second.chat.getByRole('button', { name: 'I’ll come back later' }).waitFor()
    await until('it goes on', async () => (await pausedBy()) === null)
    assert.equal((await newest()).status, 'open')
    await context.close()
  },
)
