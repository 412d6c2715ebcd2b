import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { after, before, test } from 'node:test'
import { chromiumHere } from '@fermata/testkit/browser'
import { overhear, visit, type Shown } from './browser.world.ts'
import { done, startDesk, type Desk } from './desk.world.ts'

const { skip } = chromiumHere
let desk: Desk
before(async () => {
  if (skip === false) desk = await startDesk()
})
after(() => desk?.close())

async function begin(shown: Shown, text: string) {
  await shown.open()
  await shown.say(text)
  await shown.chat.getByRole('button', { name: 'I’ll come back later' }).waitFor()
  const [row] = await desk.conversations()
  assert.ok(row)
  return row
}

test('a note reaches the visitor’s browser through no door', { skip }, async () => {
  const context = await desk.browser.newContext({ locale: 'en-GB' })
  const shown = await visit(context, desk.host.origin)
  const live = overhear(shown.page)
  const { id } = await begin(shown, 'Where is my parcel?')
  await desk.answer(id, 'heron note one', 'note')
  await desk.staff.presence.put({ params: { conversation: id }, body: { doing: 'note' } })
  await desk.answer(id, 'kingfisher reply')
  await desk.answer(id, 'heron note two', 'note')
  await done(
    desk.staff.conversations.pause({
      params: { conversation: id },
      body: { until: null, reason: 'heron reason' },
    }),
  )
  await desk.answer(id, 'kingfisher again')
  await shown.chat.locator('.text', { hasText: 'kingfisher again' }).waitFor()
  assert.equal(await shown.chat.getByText('is writing').count(), 0)
  await shown.page.close()

  const later = await visit(context, desk.host.origin)
  const afresh = overhear(later.page)
  await later.page.reload()
  await later.open()
  await later.chat.locator('.text', { hasText: 'kingfisher again' }).waitFor()
  assert.deepEqual(await later.said(), [
    'Where is my parcel?',
    'kingfisher reply',
    'kingfisher again',
  ])
  for (const heard of [await live.heard(), await afresh.heard()]) {
    assert.match(heard, /kingfisher reply/, 'what it may see was overheard')
    assert.doesNotMatch(heard, /heron|"note"|olivia@/)
  }
  await context.close()
})

const attacks = [
  '<script>window.hit = 1</script>',
  '<img src=x onerror="window.hit = 2">',
  '<svg onload="window.hit = 3"><a xlink:href="javascript:window.hit=4"><text>x</text></a></svg>',
  '[press](javascript:window.hit=5) [data](data:text/html,<script>window.hit=6</script>)',
  '![picture](https://tracker.example/pixel.png) ![x](javascript:window.hit=7)',
  '[a](https://x.example/"onmouseover="window.hit=8)',
  '<a href="https://ok.example" onclick="window.hit=9" style="position:fixed;inset:0">cover</a>',
  '<iframe srcdoc="<script>parent.hit=10</script>"></iframe><style>*{display:none}</style>',
  '<math><mtext><table><mglyph><style><img src=x onerror=window.hit=11>',
  '<form action="https://evil.example"><input name=q><button>Send</button></form>',
  'https://x.example/"><img/src=x/onerror=window.hit=12>',
  '<b>unclosed <div><p',
]

test(
  'what looks like a script is text, what looks like a picture is a link',
  { skip },
  async () => {
    const context = await desk.browser.newContext({ locale: 'en-GB' })
    const shown = await visit(context, desk.host.origin)
    const asked: string[] = []
    context.on('request', (request) => asked.push(request.url()))
    const { id } = await begin(shown, attacks[0]!)
    for (const attack of attacks) await desk.answer(id, attack)
    await desk.answer(id, 'the end, with [a link](https://ok.example/path)')
    const link = shown.chat.getByRole('link', { name: 'a link' })
    await link.waitFor()
    assert.equal(await link.getAttribute('target'), '_blank')
    assert.match((await link.getAttribute('rel')) ?? '', /noopener noreferrer/)

    const frame = shown.page.frames().find((one) => one.url().includes('/widget/frame/'))!
    const found = await frame.evaluate(() => {
      const log = document.querySelector('.log')!
      const names = [...log.querySelectorAll('.text *')].map((element) => element.localName)
      const attributes = [...log.querySelectorAll('.prose *')].flatMap((element) =>
        element.getAttributeNames(),
      )
      const links = [...log.querySelectorAll('.text a[href]')].map((one) =>
        one.getAttribute('href')!,
      )
      return {
        names: [...new Set(names)],
        attributes: [...new Set(attributes)],
        links,
        hit: 'hit' in window,
      }
    })
    assert.equal(found.hit, false)
    const plain = ['a', 'p', 'div', 'br', 'strong', 'em', 'code', 'pre', 'ul', 'ol', 'li']
    assert.deepEqual(
      found.names.filter((name) => !plain.includes(name)),
      [],
    )
    assert.deepEqual(found.attributes.toSorted(), ['href', 'rel', 'target'])
    for (const href of found.links) assert.match(href, /^https:\/\//)
    const own = [desk.server.url, desk.host.origin]
    assert.deepEqual(
      asked.filter((url) => !own.some((origin) => url.startsWith(origin))),
      [],
      'nothing was asked of anybody else',
    )
    assert.ok((await shown.said()).some((text) => text.includes('<script>window.hit = 1</script>')))
    await context.close()
  },
)

/** Who somebody is, as the host's server would sign it. */
async function signed(externalId: string, name: string) {
  const { secret } = await done(desk.staff.inboxes.secret({ params: { inbox: desk.inbox.id } }))
  return { externalId, name, hmac: createHmac('sha256', secret).update(externalId).digest('hex') }
}

test(
  'whom the host names is known by name, finds their conversations elsewhere, and is forgotten',
  { skip },
  async () => {
    const ada = await signed('customer 7', 'Ada')
    const identify = (shown: Shown, who: object) =>
      shown.page.evaluate(
        `document.querySelector('fermata-chat') && window.fermata.identify(${JSON.stringify(who)})`,
      )
    const home = await desk.browser.newContext({ locale: 'en-GB' })
    const first = await visit(home, desk.host.origin)
    await identify(first, ada)
    const { contact } = await begin(first, 'It is me')
    const known = await done(desk.staff.contacts.get({ params: { contact } }))
    assert.deepEqual([known.externalId, known.name], ['customer 7', 'Ada'])

    const work = await desk.browser.newContext({ locale: 'en-GB' })
    const second = await visit(work, desk.host.origin)
    await identify(second, ada)
    await second.open()
    await second.chat.getByRole('button', { name: 'Show my earlier conversations' }).click()
    await second.chat.getByText('It is me').waitFor()

    // Somebody else signs in at the same browser, and the host never said that Ada has left.
    await identify(second, await signed('customer 8', 'Bea'))
    await second.chat.getByText('Ask us about clay.').waitFor()
    assert.deepEqual(await second.said(), [])

    await first.chat.getByRole('textbox').fill('a draft that is nobody else’s business')
    await first.page.waitForFunction(() =>
      Object.keys(localStorage).some((name) => name.includes('.draft.')),
    )
    await first.page.evaluate('window.fermata.forget()')
    assert.equal(await first.page.evaluate('localStorage.length + sessionStorage.length'), 0)
    await first.open()
    await first.chat.getByText('Ask us about clay.').waitFor()
    assert.equal(await first.chat.getByRole('textbox').inputValue(), '')
    assert.deepEqual(await first.said(), [])
    await home.close()
    await work.close()
  },
)

test(
  'the draft and the open panel are there on the next page of the same tab',
  { skip },
  async () => {
    const context = await desk.browser.newContext({ locale: 'en-GB' })
    const shown = await visit(context, desk.host.origin)
    await begin(shown, 'A first word')
    await shown.chat.getByRole('textbox').fill('not finished yet')
    await shown.page.waitForFunction(() =>
      Object.values(localStorage).some((text) => text === 'not finished yet'),
    )
    await shown.page.goto(`${desk.host.origin}/next`)
    await shown.chat.getByRole('textbox').waitFor()
    assert.equal(await shown.chat.getByRole('textbox').inputValue(), 'not finished yet')
    assert.equal(await shown.page.evaluate('document.activeElement === document.body'), true)
    await context.close()
  },
)
