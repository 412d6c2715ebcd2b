import type { Route } from './route.ts'

const upload = '/v1/uploads/:file'

/** Routes of files: how they come, by the tus protocol 1.0 or by JSON, and how they are read. */
export const filesRoutes = {
  'uploads.add': {
    method: 'POST',
    path: '/v1/uploads',
    who: ['member', 'contact', 'app'],
    permission: 'conversations:write',
    rate: 'send',
    text: 'Announces a file: its name and how many bytes it has. Its bytes follow in any number of requests, and a message carries it by its id. With `Upload-Length` and `Upload-Metadata` instead of a body it is the creation of the tus protocol.',
  },
  'uploads.get': {
    method: 'GET',
    path: upload,
    who: ['member', 'contact', 'app'],
    permission: 'conversations:write',
    text: 'How far an upload of mine has come. By HEAD it is what the tus protocol asks.',
  },
  'uploads.append': {
    method: 'PATCH',
    path: upload,
    who: ['member', 'contact', 'app'],
    permission: 'conversations:write',
    bytes: 'in',
    text: 'Takes the next bytes of an upload of mine, as the tus protocol sends them: with `Upload-Offset`, as `application/offset+octet-stream`. What has come is kept when the line is cut; with `Upload-Checksum` all of a request is kept or nothing.',
  },
  'uploads.remove': {
    method: 'DELETE',
    path: upload,
    who: ['member', 'contact', 'app'],
    permission: 'conversations:write',
    text: 'Gives up an upload of mine, or a file that no message carries yet.',
  },
  'files.read': {
    method: 'GET',
    path: '/files/:file',
    who: ['member', 'contact', 'app'],
    permission: 'conversations:read',
    bytes: 'out',
    text: 'The bytes of a file, for whoever may see the message that carries it; by `Range` a part of them.',
  },
  'files.thumbnail': {
    method: 'GET',
    path: '/files/:file/thumbnail',
    who: ['member', 'contact', 'app'],
    permission: 'conversations:read',
    bytes: 'out',
    text: 'A small picture of a picture, as WebP, for whoever may see the file.',
  },
} as const satisfies Record<string, Route>
