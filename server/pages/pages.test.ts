import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { gzipSync } from 'node:zlib'
import { rehearse } from '../http/rehearsal.world.ts'
import { readBuild } from './files.ts'
import { mountWeb, webFallback } from './web.ts'
import { mountWidget, type WidgetInbox } from './widget.ts'

const script = 'console.log("a script that is long enough to be worth packing")'

/** A folder as a build leaves it. */
function builtFolder(t: TestContext, files: Record<string, string | Buffer>): string {
  const folder = mkdtempSync(join(tmpdir(), 'fermata-pages-'))
  t.after(() => rmSync(folder, { recursive: true }))
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
  return folder
}

const shop: WidgetInbox = { key: 'fmw_abc-1', origins: ['https://shop.example'] }

/** The pages of these builds, with nobody behind them. */
function pagesOf(web: string, widget: string, inbox: WidgetInbox | null = shop) {
  const [webFiles, widgetFiles] = [readBuild(web), readBuild(widget)]
  const { app } = rehearse({
    extras: {
      pages: {
        mount(pages) {
          mountWeb(pages, webFiles)
          mountWidget(pages, widgetFiles, {
            byKey: async (key) => (key === inbox?.key ? inbox : null),
            first: async () => inbox,
          })
        },
        fallback: (request, reply) => webFallback(request, reply, webFiles),
      },
    },
  })
  return (url: string, headers: Record<string, string> = {}) => app.inject({ url, headers })
}

const web = (t: TestContext) =>
  builtFolder(t, {
    'index.html': '<!doctype html><title>Fermata</title>',
    'worker.js': 'self',
    'assets/app-1a2b.js': script,
    'assets/app-1a2b.js.gz': gzipSync(script),
    '.stamp': 'secret',
    'notes.map': 'secret',
  })

const widget = (t: TestContext) =>
  builtFolder(t, {
    'widget.js': 'launch()',
    'frame.html': '<html data-key="__FERMATA_KEY__"></html>',
    'try.html': '<script data-inbox="__FERMATA_KEY__"></script>',
    'assets/frame-1a2b.js': script,
  })

test('the app answers every address a person may have, and nothing that is something else', async (t) => {
  const get = pagesOf(web(t), widget(t))
  const accept = 'text/html,application/xhtml+xml'
  for (const url of ['/', '/setup', '/inbox/ours/cnv_1?x=1', '/tryst']) {
    const answer = await get(url, { accept })
    assert.equal(answer.statusCode, 200, url)
    assert.match(answer.body, /<title>Fermata/)
    assert.match(String(answer.headers['content-security-policy']), /frame-ancestors 'none'/)
    assert.equal(answer.headers['cache-control'], 'no-cache')
  }
  for (const url of ['/v1/nothing', '/assets/gone.js', '/widget/gone', '/metrics/x']) {
    assert.equal((await get(url, { accept })).statusCode, 404, url)
  }
  assert.equal((await get('/setup', { accept: 'application/json' })).statusCode, 404)
})

test('a file with a digest in its name is kept for ever, others are asked for again', async (t) => {
  const get = pagesOf(web(t), widget(t))
  const asset = await get('/assets/app-1a2b.js')
  assert.equal(asset.headers['cache-control'], 'public, max-age=31536000, immutable')
  assert.match(String(asset.headers['content-type']), /^text\/javascript/)
  const worker = await get('/worker.js')
  assert.equal(worker.headers['cache-control'], 'no-cache')
  const again = await get('/worker.js', { 'if-none-match': String(worker.headers['etag']) })
  assert.equal(again.statusCode, 304)
  assert.equal(again.body, '')
})

test('what the build has packed goes out packed to those who take it', async (t) => {
  const get = pagesOf(web(t), widget(t))
  const packed = await get('/assets/app-1a2b.js', { 'accept-encoding': 'gzip, br' })
  assert.equal(packed.headers['content-encoding'], 'gzip')
  assert.deepEqual(packed.rawPayload, gzipSync(script))
  const plain = await get('/assets/app-1a2b.js')
  assert.equal(plain.headers['content-encoding'], undefined)
  assert.equal(plain.body, script)
  assert.equal(plain.headers['vary'], 'Accept-Encoding')
})

test('nothing but the files of the build can be named', async (t) => {
  const get = pagesOf(web(t), widget(t))
  for (const url of [
    '/.stamp',
    '/notes.map',
    '/assets/../.stamp',
    '/assets/..%2f.stamp',
    '/assets/%2e%2e/%2e%2e/etc/passwd',
    '/assets/app-1a2b.js.gz',
  ]) {
    const answer = await get(url)
    assert.equal(answer.statusCode, 404, url)
    assert.doesNotMatch(answer.body, /secret|root:/)
  }
})

test('the frame may be shown by our own pages and by those its inbox lists', async (t) => {
  const get = pagesOf(web(t), widget(t))
  const frame = await get('/widget/frame/fmw_abc-1')
  assert.equal(frame.body, '<html data-key="fmw_abc-1"></html>')
  const policy = String(frame.headers['content-security-policy'])
  assert.match(policy, /frame-ancestors 'self' https:\/\/shop\.example(;|$)/)
  assert.doesNotMatch(policy, /unsafe/)
  assert.equal((await get('/widget/frame/fmw_other')).statusCode, 404)
})

test('a key that could end the attribute it stands in is put nowhere', async (t) => {
  const evil = { key: '"><script>alert(1)</script>', origins: [] }
  const get = pagesOf(web(t), widget(t), evil)
  const answer = await get('/try')
  assert.equal(answer.statusCode, 404)
  assert.doesNotMatch(answer.body, /script/)
})

test('the launcher is for pages of every origin, and soon asked for again', async (t) => {
  const get = pagesOf(web(t), widget(t))
  const launcher = await get('/widget.js')
  assert.equal(launcher.headers['access-control-allow-origin'], '*')
  assert.equal(launcher.headers['cross-origin-resource-policy'], 'cross-origin')
  assert.equal(launcher.headers['cache-control'], 'public, max-age=300')
  assert.match(String(launcher.headers['etag']), /^"/)
  assert.equal((await get('/widget/assets/frame-1a2b.js')).statusCode, 200)
  assert.match((await get('/try')).body, /data-inbox="fmw_abc-1"/)
})

test('what was never built says how to build it', async (t) => {
  const missing = join(builtFolder(t, {}), 'dist')
  const get = pagesOf(missing, missing)
  for (const url of ['/', '/widget.js', '/widget/frame/fmw_abc-1', '/try']) {
    const answer = await get(url)
    assert.equal(answer.statusCode, 503, url)
    assert.match(answer.body, /npm start/)
  }
})
