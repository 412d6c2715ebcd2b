import { Type, type Static } from 'typebox'
import { limits } from '@fermata/base/limits'
import { closed, id, nullable } from './shapes.schema.ts'

const pixels = Type.Integer({ minimum: 1 })

/** A file that travels with a message. */
export const fileView = closed({
  id: id('fil'),
  /** What its sender called it, made harmless. */
  name: Type.String({ minLength: 1, maxLength: limits.fileNameCharsMax }),
  /** What its first bytes say it is, never what its sender said. */
  type: Type.String({ maxLength: 100 }),
  bytes: Type.Integer({ minimum: 0 }),
  /** Of a picture that was understood, as it is to be shown; otherwise null. */
  width: nullable(pixels),
  height: nullable(pixels),
  /** Whether there is a small picture of it. */
  thumbnail: Type.Boolean(),
})
export type FileView = Static<typeof fileView>

/** A file on its way. */
export const uploadView = closed({
  id: id('fil'),
  name: Type.String({ maxLength: limits.fileNameCharsMax }),
  bytes: Type.Integer({ minimum: 0 }),
  /** How many bytes have come and are on disk. */
  offset: Type.Integer({ minimum: 0 }),
  /** The file, once all of it has come. */
  file: nullable(fileView),
})
export type UploadView = Static<typeof uploadView>

export const uploadBody = closed({
  name: Type.String({ minLength: 1, maxLength: 255 }),
  bytes: Type.Integer({ minimum: 0, maximum: limits.fileBytesMax }),
})
export type UploadBody = Static<typeof uploadBody>
