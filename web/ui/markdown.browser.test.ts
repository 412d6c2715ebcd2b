import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { present } from '@fermata/base/assert'
import type { ConversationId } from '@fermata/base/ids'
import { addVisitor, startWorld, value, type Visitor, type World } from '@fermata/testkit/world'
import {
  begins,
  chromiumHere,
  labelled,
  openDesk,
  says,
  startBrowser,
  unworked,
} from '../browser.world.ts'

const { skip } = chromiumHere
let browser: Browser
let world: World

/** Ways in which words have become programs elsewhere. Each would set `window.hit`, or call its host. */
const attacks: readonly string[] = [
  '<script>window.hit = 1</script>',
  '<img src=x onerror="window.hit = 1">',
  '<svg onload="window.hit = 1"><circle/></svg>',
  '<svg><script>window.hit = 1</script></svg>',
  '<math><mi//xlink:href="data:x,<script>window.hit=1</script>">',
  '<iframe srcdoc="<script>parent.hit = 1</script>"></iframe>',
  '<iframe src="javascript:parent.hit = 1"></iframe>',
  '<object data="javascript:window.hit = 1"></object>',
  '<form action="javascript:window.hit = 1"><button>go</button></form>',
  '<body onpageshow="window.hit = 1">',
  '<details open ontoggle="window.hit = 1">x</details>',
  '<input autofocus onfocus="window.hit = 1">',
  '<style>@import "https://attacker.example/a.css"; * { background: url(https://attacker.example/b) }</style>',
  '<link rel="stylesheet" href="https://attacker.example/c.css">',
  '<meta http-equiv="refresh" content="0;url=https://attacker.example/">',
  '<base href="https://attacker.example/">',
  '<a href="javascript:window.hit = 1">press me</a>',
  '[press me](javascript:window.hit=1)',
  '[press me](JaVaScRiPt:window.hit=1)',
  '[press me](java\tscript:window.hit=1)',
  '[press me](java&#10;script:window.hit=1)',
  '[press me](&#106;avascript:window.hit=1)',
  '[press me](\u0001javascript:window.hit=1)',
  '[press me](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)',
  '[press me](vbscript:window.hit=1)',
  '[press me](//attacker.example/x)',
  '[press me](file:///etc/passwd)',
  '[a](https://example.org"onmouseover="window.hit=1)',
  "[a](https://example.org/'onmouseover='window.hit=1)",
  '[a]( https://example.org "title\\" onmouseover=\\"window.hit=1")',
  '<https://example.org/"onmouseover="window.hit=1>',
  'https://example.org/"onmouseover="window.hit=1',
  '<javascript:window.hit=1>',
  '![x](https://attacker.example/pixel.png)',
  '![x](https://attacker.example/pixel.png "t\\" onload=\\"window.hit=1")',
  '![x](javascript:window.hit=1)',
  '![x](x "onerror=window.hit=1")',
  '[![x](https://attacker.example/p.png)](javascript:window.hit=1)',
  '[ref]\n\n[ref]: javascript:window.hit=1',
  '```"><img src=x onerror=window.hit=1>\ncode\n```',
  '`<img src=x onerror=window.hit=1>`',
  '<img src="x` `<script>window.hit=1</script>"` `>',
  '<!--><img src=x onerror=window.hit=1>-->',
  '<![CDATA[<img src=x onerror=window.hit=1>]]>',
  '<<script>window.hit=1//<</script>',
  '<scr<script>ipt>window.hit=1</scr</script>ipt>',
  '<noscript><p title="</noscript><img src=x onerror=window.hit=1>">',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=window.hit=1&gt;">',
  '<svg></p><style><a id="</style><img src=1 onerror=window.hit=1>">',
  '<form><math><mtext></form><form><mglyph><style></math><img src onerror=window.hit=1>',
  '<xss style="animation-name:x" onanimationstart="window.hit=1"></xss>',
  '<a id=document name=location href=//attacker.example>clobber</a>',
  '<img name=getElementById><input id=attributes>',
  '| a | b |\n|---|---|\n| <img src=x onerror=window.hit=1> | [x](javascript:window.hit=1) |',
  '# <img src=x onerror=window.hit=1>',
  '- [ ] <input type=image src=https://attacker.example/i onerror=window.hit=1>',
  '> <video><source onerror="window.hit=1"></video>',
  '&lt;img src=x onerror=window.hit=1&gt;',
  '\u202e<img src=x onerror=window.hit=1>',
  '<img/src="x"/onerror=window.hit=1>',
  '<a href="https://example.org" target="_self" rel="opener" style="position:fixed;inset:0">over</a>',
]

/** The conversations that hold the corpus. Nobody may send too much in a minute, so some share it. */
const talks: { readonly id: ConversationId; readonly visitor: Visitor; readonly last: number }[] =
  []
const shareMax = 24

before(async () => {
  if (skip) return
  ;[browser, world] = await Promise.all([startBrowser(), startWorld()])
  for (let at = 0; at < attacks.length; at += shareMax) {
    const visitor = await addVisitor(world.url, world.website)
    const id = await begins(world, visitor, 'Now for it.')
    const share = attacks.slice(at, at + shareMax)
    for (const text of share) await says(visitor, id, text)
    talks.push({ id, visitor, last: share.length + 1 })
  }
})
after(async () => {
  await browser?.close()
  await world?.server.close()
})

const allowedTags = new Set(
  'P BR HR H1 H2 H3 H4 H5 H6 UL OL LI BLOCKQUOTE STRONG EM DEL CODE PRE A TABLE THEAD TBODY TR TH TD'.split(
    ' ',
  ),
)

interface Found {
  readonly tag: string
  readonly attributes: readonly (readonly [string, string])[]
}

/** Every element within the words of a thread. */
function inside(page: Page): Promise<Found[]> {
  return page.evaluate(() =>
    Array.from(document.querySelectorAll('[role=log] .prose *'), (element) => ({
      tag: element.tagName,
      attributes: Array.from(element.attributes, ({ name, value: text }) => [name, text] as const),
    })),
  )
}

test(
  'no words of a customer become a program, a style, a frame or a request',
  { skip },
  async () => {
    for (const { id, last } of talks) {
      const path = `/inbox/all/${id}`
      const desk = await openDesk(browser, world.url, { as: world.olivia, path, context: unworked })
      const { page } = desk
      const foreign: string[] = []
      page.on('request', (request) => {
        if (!request.url().startsWith(world.url)) foreign.push(request.url())
      })
      const count = (await world.olivia.client.messages.list({ params: { conversation: id } })).ok
      assert.ok(count)
      await page.locator(`[data-number="${last}"]`).waitFor()
      for (const { tag, attributes } of await inside(page)) {
        assert.ok(allowedTags.has(tag), tag)
        for (const [name, text] of attributes) {
          assert.match(name, /^(?:href|rel|target|start)$/, `${tag} ${name}`)
          if (name === 'href') assert.match(text, /^(?:https?:\/\/|mailto:|tel:)/i)
          if (name === 'rel') assert.equal(text, 'noopener noreferrer nofollow')
          if (name === 'target') assert.equal(text, '_blank')
        }
      }
      // A press on every link leads nowhere but out, in a page of its own that knows nothing of this one.
      for (const link of await page.locator('[role=log] .prose a').all()) {
        assert.equal(await link.getAttribute('rel'), 'noopener noreferrer nofollow')
        assert.equal(await link.getAttribute('target'), '_blank')
      }
      await page.mouse.move(600, 400)
      assert.equal(await page.evaluate(() => (window as { hit?: number }).hit), undefined)
      assert.deepEqual(foreign, [])
      assert.deepEqual(desk.faults, [])
      await desk.context.close()
    }
  },
)

test(
  'the same words harm nobody in the list, the command menu and a history of edits',
  { skip },
  async () => {
    const { id: conversation, visitor } = present(talks[0], 'a conversation')
    const params = { conversation }
    const text = '<img src=x onerror="window.hit = 1">'
    const { client } = world.olivia
    value(
      await client.conversations.change({
        params,
        body: { subject: text, labels: await labelled(world, text.slice(0, 40)) },
      }),
    )
    value(
      await client.contacts.change({
        params: { contact: visitor.contact.id },
        body: { name: text },
      }),
    )
    const { page, context, faults } = await openDesk(browser, world.url, {
      as: world.olivia,
      path: `/inbox/all/${conversation}`,
    })
    await page.getByRole('heading', { name: text }).first().waitFor()
    await page.keyboard.press('Control+k')
    await page.getByRole('menuitem', { name: text }).first().waitFor()
    assert.equal(await page.evaluate(() => (window as { hit?: number }).hit), undefined)
    assert.equal(await page.locator('img[src=x]').count(), 0)
    assert.deepEqual(faults, [])
    await context.close()
  },
)

test('what is meant as Markdown is shown as such', { skip }, async () => {
  const text =
    '**bold** _and_ ~~not~~ `code`\n\n1. one\n2. two\n\n> said\n\n[a link](https://example.org/a?b=1&c=2) and https://example.org/d\n\n![a picture](https://example.org/p.png)\n\n| a |\n|---|\n| 1 |'
  const id = await begins(world, world.vera, text)
  const path = `/inbox/all/${id}`
  const { page, context } = await openDesk(browser, world.url, { as: world.olivia, path })
  const prose = page.locator('[data-number="1"] .prose')
  await prose.waitFor()
  const html = await prose.innerHTML()
  for (const part of [
    '<strong>bold</strong>',
    '<em>and</em>',
    '<del>not</del>',
    '<code>code</code>',
    '<li>two</li>',
    '<blockquote>',
    '<table>',
  ]) {
    assert.ok(html.includes(part), part)
  }
  const links = await prose
    .getByRole('link')
    .evaluateAll((all) => all.map((one) => `${one.textContent} ${(one as HTMLAnchorElement).href}`))
  for (const link of await prose.getByRole('link').all()) {
    assert.equal(await link.getAttribute('rel'), 'noopener noreferrer nofollow')
    assert.equal(await link.getAttribute('target'), '_blank')
  }
  assert.deepEqual(links, [
    'a link https://example.org/a?b=1&c=2',
    'https://example.org/d https://example.org/d',
    'a picture https://example.org/p.png',
  ])
  await context.close()
})
