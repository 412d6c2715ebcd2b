import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { openNodeDisk } from './disk.node.ts'
import { lockForReading, lockLog, LogInUse } from './lock.ts'

const folderOf = (t: TestContext): string => {
  const folder = mkdtempSync(join(tmpdir(), 'fermata-lock-'))
  t.after(() => rmSync(folder, { recursive: true }))
  return folder
}

test('a folder is held by one, or read by any number', (t) => {
  const folder = folderOf(t)
  const unlock = lockLog(folder)
  assert.throws(() => lockLog(folder), LogInUse)
  assert.throws(() => lockForReading(folder), LogInUse)
  unlock()
  const readers = [lockForReading(folder), lockForReading(folder)]
  assert.throws(() => lockLog(folder), LogInUse)
  for (const leave of readers) leave()
  lockLog(folder)()
})

test('who reads a folder makes nothing in it', (t) => {
  const folder = folderOf(t)
  lockForReading(folder)()
  assert.deepEqual(readdirSync(folder), [])
})

test('the disk of a log holds the lock, and so does that of another process until it dies', async (t) => {
  const folder = folderOf(t)
  const disk = await openNodeDisk(folder)
  await assert.rejects(openNodeDisk(folder), LogInUse)
  await disk.close()
  const url = new URL('./lock.ts', import.meta.url).href
  const program = `const { lockLog } = await import(${JSON.stringify(url)})
    lockLog(${JSON.stringify(folder)})
    process.stdout.write('held')
    process.stdin.resume()`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  t.after(() => child.kill())
  await once(child.stdout, 'data')
  assert.throws(() => lockForReading(folder), LogInUse)
  child.kill('SIGKILL')
  await once(child, 'close')
  lockLog(folder)()
})
