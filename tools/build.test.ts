import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { digest } from './build.js'

const folder = mkdtempSync(join(tmpdir(), 'fermata-build-'))
after(() => rmSync(folder, { recursive: true }))

const write = (path: string, text: string) => {
  mkdirSync(join(folder, path, '..'), { recursive: true })
  writeFileSync(join(folder, path), text)
}
const now = () => digest(folder, ['web', 'base', 'absent'])

write('package-lock.json', '{}')
write('web/main.tsx', 'start()')
write('web/ui/tokens.css', ':root {}')
write('base/clock.ts', 'export const now = 0')

/** Whether a change of this file asks for a new build. */
function matters(path: string, text: string): boolean {
  const before = now()
  write(path, text)
  return now() !== before
}

test('a changed, added or renamed source and a changed lock file ask for a new build', () => {
  assert.ok(matters('web/ui/tokens.css', ':root { color: red }'))
  assert.ok(matters('base/clock.ts', 'export const now = 1'))
  assert.ok(matters('web/ui/button.tsx', 'export {}'))
  assert.ok(matters('package-lock.json', '{ }'))
  const before = now()
  rmSync(join(folder, 'web/ui/button.tsx'))
  write('web/ui/link.tsx', 'export {}')
  assert.notEqual(now(), before)
})

test('tests, pages of text, packages and what was built do not', () => {
  assert.equal(matters('web/main.test.ts', 'test()'), false)
  assert.equal(matters('web/ui/inbox.browser.test.ts', 'test()'), false)
  assert.equal(matters('web/README.md', '# web'), false)
  assert.equal(matters('web/dist/index.html', '<p>'), false)
  assert.equal(matters('web/node_modules/a/index.js', 'a()'), false)
  assert.equal(matters('server/main.ts', 'start()'), false)
})
