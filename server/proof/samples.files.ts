import type { FileId } from '@fermata/base/ids'
import type { RouteName } from '@fermata/contract/routes'
import { pngOf } from '@fermata/testkit/picture'
import type { Name } from './cast.ts'
import { inside, staff, type Play } from './play.ts'
import type { Sample } from './samples.ts'

type FileRoute = Extract<RouteName, `${'uploads' | 'files'}.${string}`>

/** A file of somebody that no message carries. */
function unsent(by: Name): Sample {
  return {
    what: `of ${by}`,
    may: [by],
    async build(play) {
      const { id } = await play.ask<'uploads.add'>(by, 'POST /v1/uploads', announced(play))
      play.keep(id, [by])
      return { path: [id] }
    },
  }
}

function announced(play: Play): { name: string; bytes: number } {
  return { name: play.word('file'), bytes: 9 }
}

/** A file that a message carries, with the bytes that a test looks for. */
function sent(
  by: Name,
  kind: 'reply' | 'note',
  bytes: (play: Play) => Buffer,
  shows: boolean,
): Sample {
  const may = kind === 'note' ? staff : inside
  return {
    what: `of a ${kind} by ${by}`,
    may,
    async build(play) {
      const content = bytes(play)
      const file = await play.file(by, await play.conversation(), kind, content)
      return { path: [file], ...(shows ? { shows: { text: content.toString(), to: may } } : {}) }
    },
  }
}

function words(play: Play, seenBy: readonly Name[]): Buffer {
  return Buffer.from(play.keep(play.word('content'), seenBy))
}

const appending = {
  'content-type': 'application/offset+octet-stream',
  'tus-resumable': '1.0.0',
  'upload-offset': '0',
}

function appended(by: Name): Sample {
  const sample = unsent(by)
  return {
    ...sample,
    async build(play, as) {
      const headers = appending
      return { ...(await sample.build(play, as)), headers, body: Buffer.from('nine byte') }
    },
  }
}

/** Ways to call the routes of files. */
export const fileSamples: Readonly<Record<FileRoute, readonly Sample[]>> = {
  'uploads.add': [
    { build: (play) => ({ body: announced(play) }) },
    {
      what: 'by the tus protocol',
      build: () => ({
        headers: {
          'tus-resumable': '1.0.0',
          'upload-length': '7',
          'upload-metadata': 'filename YQ==',
        },
      }),
    },
  ],
  'uploads.get': [unsent('agentInside'), unsent('visitor'), unsent('app')],
  'uploads.append': [appended('agentInside'), appended('visitor'), appended('app')],
  'uploads.remove': [unsent('agentInside'), unsent('visitor'), unsent('app')],
  'files.read': [
    {
      what: 'that no message carries',
      may: ['visitor'],
      async build(play) {
        const content = words(play, ['visitor'])
        const file: FileId = await play.upload('visitor', content)
        return { path: [file], shows: { text: content.toString(), to: ['visitor'] } }
      },
    },
    sent('visitor', 'reply', (play) => words(play, inside), true),
    sent('agentInside', 'reply', (play) => words(play, inside), true),
    sent('agentInside', 'note', (play) => words(play, staff), true),
  ],
  'files.thumbnail': [
    sent('visitor', 'reply', () => pngOf(30, 20), false),
    sent('agentInside', 'note', () => pngOf(30, 20), false),
  ],
}
