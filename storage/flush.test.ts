import assert from 'node:assert/strict'
import { appendFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { openFlusher } from './flush.ts'
import { temporaryFolder } from './sqlite.world.ts'

test('a file is flushed again and again by one thread, which then ends', async (t) => {
  const path = join(await temporaryFolder(t), 'file')
  await writeFile(path, '')
  const flusher = await openFlusher(path)
  for (let i = 0; i < 50; i++) {
    await appendFile(path, 'more')
    await flusher.flush()
  }
  await flusher.close()
})

test('a flush that the system refuses rejects with its reason, and so do all later ones', async (t) => {
  // Linux has nothing to flush in a device of characters, and says so.
  const flusher = await openFlusher('/dev/null')
  t.after(() => flusher.close())
  await assert.rejects(flusher.flush(), (error) => {
    assert.ok(error instanceof Error && error.cause instanceof Error)
    assert.match(error.cause.message, /EINVAL.*fdatasync/)
    return true
  })
  await assert.rejects(flusher.flush(), /the flush thread ended/)
})

test('a file that is not there is an error at the start', async (t) => {
  const missing = join(await temporaryFolder(t), 'missing')
  await assert.rejects(openFlusher(missing), /ENOENT/)
})
