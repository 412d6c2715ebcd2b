import assert from 'node:assert/strict'
import { test } from 'node:test'
import { limits } from '@fermata/base/limits'
import { seededRandom } from '@fermata/testkit/random'
import { disposition, harmlessName } from './name.ts'

test('a name keeps its letters and loses what could do harm', () => {
  const names: [string, string][] = [
    ['report.pdf', 'report.pdf'],
    ['../../etc/passwd', 'passwd'],
    ['C:\\Users\\eve\\run.exe', 'run.exe'],
    ['..', 'file'],
    ['', 'file'],
    ['.htaccess', 'htaccess'],
    ['a\u0000b\r\nc.txt', 'abc.txt'],
    ['photo\u202egnp.exe', 'photognp.exe'],
    ['a<b>c:d"e|f?g*h', 'a_b_c_d_e_f_g_h'],
    ['  two   words .txt ', 'two words .txt'],
    ['Größe 日本語 🚲.png', 'Größe 日本語 🚲.png'],
    ['Cafe\u0301.txt', 'Café.txt'],
    ['\ud800.txt', 'txt'],
  ]
  for (const [given, made] of names) assert.equal(harmlessName(given), made, JSON.stringify(given))
})

test('a long name is cut in its middle, so that its ending is kept', () => {
  const name = harmlessName(`${'long '.repeat(60)}name.jpeg`)
  assert.ok(name.length <= limits.fileNameCharsMax)
  assert.ok(name.endsWith('.jpeg'))
  assert.ok(harmlessName(`${'a'.repeat(limits.fileNameCharsMax - 6)}🚲🚲.jpeg`).isWellFormed())
})

test('whatever a name is, it can neither end the header nor leave the folder', () => {
  const random = seededRandom('names of files')
  const letters = [
    'a',
    '"',
    '\\',
    '/',
    '\r',
    '\n',
    ';',
    '%',
    '\0',
    '.',
    ' ',
    'é',
    '🚲',
    '\u202e',
    "'",
  ]
  for (let run = 0; run < 2_000; run++) {
    const given = Array.from({ length: random.below(40) }, () => random.pick(letters)).join('')
    const name = harmlessName(given)
    assert.doesNotMatch(name, /[/\\\r\n\0"]|^\.|^$/, JSON.stringify(given))
    const header = disposition('attachment', name)
    assert.match(
      header,
      /^attachment; filename="[ !#-[\]-~]*"; filename\*=UTF-8''[A-Za-z0-9%._~!-]*$/,
    )
    assert.equal(decodeURIComponent(header.slice(header.indexOf("*=UTF-8''") + 9)), name)
  }
})
