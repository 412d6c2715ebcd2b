import assert from 'node:assert/strict'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { brotliCompressSync } from 'node:zlib'
import { dist } from './browser.world.ts'

/** How much a browser loads before the inbox is there, compressed, in bytes. */
const firstBytesMax = 320 * 1024

function read(path: string): string {
  return readFileSync(join(dist, path), 'utf8')
}

function scripts(): string[] {
  return readdirSync(join(dist, 'assets'))
    .filter((name) => name.endsWith('.js'))
    .map((name) => `assets/${name}`)
}

test('no schema, and nothing that makes one, is in what browsers load', () => {
  for (const path of ['worker.js', ...scripts()]) {
    const text = read(path)
    assert.doesNotMatch(text, /typebox|additionalProperties|~kind|Type\.Object/i, path)
  }
})

test('the page loads nothing of anybody else', () => {
  const page = read('index.html')
  for (const [, address = ''] of page.matchAll(/(?:src|href)="([^"]*)"/g)) {
    assert.match(address, /^\/(?!\/)/)
    assert.ok(existsSync(join(dist, address)), address)
  }
  assert.doesNotMatch(page, /<script(?![^>]*src=)/)
})

test('the languages of others that come with the components are left out', () => {
  for (const path of scripts())
    assert.doesNotMatch(read(path), /[\u0600-\u06ff\u3040-\u30ff]{3}/u, path)
})

test('what is loaded first stays within its size, which is printed here', (t) => {
  const page = read('index.html')
  const first = Array.from(
    page.matchAll(/(?:src|href)="\/(assets\/[^"]*)"/g),
    ([, path = '']) => path,
  )
  assert.ok(first.length >= 2)
  const bytes = first.map((path) => brotliCompressSync(readFileSync(join(dist, path))).length)
  const total = bytes.reduce((sum, one) => sum + one, 0)
  t.diagnostic(`${first.length} files, ${(total / 1024).toFixed(0)} KiB with Brotli`)
  assert.ok(total <= firstBytesMax, `${total} bytes`)
  const large = first.filter((path) => readFileSync(join(dist, path)).length > 2_048)
  for (const path of large) assert.ok(existsSync(join(dist, `${path}.br`)), `${path}.br`)
})

test('the service worker knows every file of the shell', () => {
  const worker = read('worker.js')
  for (const path of scripts()) assert.ok(worker.includes(`/${path}`), path)
})

test('the manifest names icons that are there', () => {
  const manifest = JSON.parse(read('manifest.webmanifest')) as {
    icons: { src: string; purpose?: string }[]
    start_url: string
  }
  for (const { src } of manifest.icons) assert.ok(existsSync(join(dist, src)), src)
  assert.ok(manifest.icons.some(({ purpose }) => purpose === 'maskable'))
  assert.equal(manifest.start_url, '/inbox/ours')
})
