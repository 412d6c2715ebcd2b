import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import S3rver from '@20minutes/s3rver'
import { idText } from '@fermata/base/ids'
import { blobsContract } from './blobs.contract.ts'
import { openS3Blobs } from './blobs.s3.ts'

// A server that speaks S3 and checks signatures, with a bucket in a folder of its own.
const folder = mkdtempSync(join(tmpdir(), 'fermata-s3-'))
const server = new S3rver({
  port: 0,
  address: '127.0.0.1',
  silent: true,
  directory: folder,
  configureBuckets: [{ name: 'files' }],
})
const { port } = (await server.run()) as AddressInfo
after(async () => {
  await server.close()
  rmSync(folder, { recursive: true })
})

const options = {
  bucketUrl: `http://127.0.0.1:${port}/files`,
  region: 'us-east-1',
  keyId: 'S3RVER',
  secret: 'S3RVER',
}

blobsContract({ name: 's3', open: async () => openS3Blobs(options) })

test('a wrong secret is told, and not taken for an empty bucket', async () => {
  const blobs = openS3Blobs({ ...options, secret: 'wrong' })
  await assert.rejects(() => blobs.size(idText('fil', new Uint8Array(16))), /object store refused/)
})
