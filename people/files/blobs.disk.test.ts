import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import type { FileId } from '@fermata/base/ids'
import { blobsContract } from './blobs.contract.ts'
import { openDiskBlobs } from './blobs.disk.ts'

const folder = mkdtempSync(join(tmpdir(), 'fermata-blobs-'))
after(() => rmSync(folder, { recursive: true }))

const fatal = (error: Error): never => assert.fail(error)
blobsContract({ name: 'disk', open: () => openDiskBlobs({ folder, fatal }) })

test('nothing but the name of a file gets as far as the disk', async () => {
  const blobs = await openDiskBlobs({ folder, fatal })
  const outside = join(folder, '..', 'fermata-outside')
  writeFileSync(outside, 'secret')
  try {
    for (const name of ['../fermata-outside', 'fil_/../../x', 'fil_0', `fil_${'.'.repeat(26)}`]) {
      await assert.rejects(async () => blobs.read(name as FileId), /named after a file/, name)
      await assert.rejects(async () => blobs.remove(name as FileId), /named after a file/, name)
    }
  } finally {
    rmSync(outside)
  }
  assert.ok(readdirSync(folder).every((entry) => /^[0-9a-z]{2}$/.test(entry)))
})
