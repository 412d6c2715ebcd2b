import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pngOf } from '@fermata/testkit/picture'
import { seededRandom } from '@fermata/testkit/random'
import { isPicture, isShown, typeOf } from './kind.ts'

const latin = (text: string): Buffer => Buffer.from(text, 'latin1')

test('a file is what its first bytes say', () => {
  const known: [string | Buffer, string][] = [
    [pngOf(2, 2), 'image/png'],
    ['\xff\xd8\xff\xe0\0\x10JFIF', 'image/jpeg'],
    ['GIF89a\x01\0\x01\0', 'image/gif'],
    ['RIFF\x24\0\0\0WEBPVP8 ', 'image/webp'],
    ['RIFF\x24\0\0\0WAVEfmt ', 'audio/wav'],
    ['ID3\x04\0', 'audio/mpeg'],
    ['\xff\xfb\x90\x64', 'audio/mpeg'],
    ['OggS\0\x02OpusHead', 'audio/ogg'],
    ['\0\0\0\x20ftypisom', 'video/mp4'],
    ['\0\0\0\x20ftypM4A ', 'audio/mp4'],
    ['\0\0\0\x20ftypavif', 'image/avif'],
    ['\x1a\x45\xdf\xa3\x42\x82\x84webm', 'video/webm'],
    ['%PDF-1.7\n', 'application/pdf'],
    ['PK\x03\x04\x14\0', 'application/zip'],
    ['\x00\x01\x02\x03', 'application/octet-stream'],
    ['', 'application/octet-stream'],
    ['MZ\x90\0\x03', 'application/octet-stream'],
  ]
  for (const [bytes, type] of known) {
    const head = typeof bytes === 'string' ? latin(bytes) : bytes
    assert.equal(typeOf(head, true), type, JSON.stringify(bytes).slice(0, 40))
  }
})

test('markup and scripts are text, and a browser is never told to show them', () => {
  for (const text of [
    '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    '<?xml version="1.0"?><svg/>',
    '<!doctype html><script>alert(1)</script>',
    'import("https://evil.example")',
    '\ufeff<html>',
    '  \n<SCRIPT>',
    'Grüße aus Köln 🚲',
  ]) {
    assert.equal(typeOf(Buffer.from(text), true), 'text/plain', text)
  }
  for (const type of [
    'text/plain',
    'application/pdf',
    'image/svg+xml',
    'application/octet-stream',
  ]) {
    assert.equal(isShown(type, true), false, type)
  }
  assert.equal(isShown('image/png', false), false, 'a picture that nobody understood')
})

test('text that is cut within a letter is text, and bytes that are no text are not', () => {
  const whole = Buffer.from(`${'a'.repeat(50)}🚲`)
  for (const cut of [1, 2, 3]) {
    assert.equal(typeOf(whole.subarray(0, -cut), false), 'text/plain')
    assert.equal(typeOf(whole.subarray(0, -cut), true), 'application/octet-stream')
  }
})

test('any bytes have a type, and no picture is found where none begins', () => {
  const random = seededRandom('kinds of files')
  for (let run = 0; run < 2_000; run++) {
    const bytes = Buffer.from(Array.from({ length: random.below(300) }, () => random.below(256)))
    const type = typeOf(bytes, random.chance(0.5))
    assert.match(type, /^[a-z]+\/[a-z0-9.+-]+$/)
    assert.ok(!isPicture(type) || bytes.length > 2)
  }
})
