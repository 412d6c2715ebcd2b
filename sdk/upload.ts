import type { FileId } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import { ok, refused, type Result } from '@fermata/base/result'
import type { Refusal } from '@fermata/contract/errors'
import type { FileView } from '@fermata/contract/files.schema'
import type { Client } from './client.ts'
import { authorization, ConnectionFailed, fetchOptions, fraction } from './connection.ts'
import { Naps } from './naps.ts'
import { readRefusal } from './request.ts'
import { backOffMs, readRetryAfter } from './retry.ts'

/** Something that can be sent in pieces: a browser's File or Blob. */
export interface Source {
  readonly size: number
  slice(start: number, end: number): Blob
}

/** What an upload needs, and whom it tells. */
export interface UploadOptions {
  readonly client: Client
  readonly name: string
  readonly source: Source
  /** The upload that a former run began, to go on with. */
  readonly begun: FileId | null
  /** Hears of the upload's id, so that it can be gone on with. */
  readonly onBegun: (id: FileId) => void
  /** Hears how many bytes the server has. */
  readonly onProgress: (bytes: number) => void
  /** Gives it up for now; the promise then rejects with the signal's reason. */
  readonly signal: AbortSignal
}

/** What came of sending one piece. */
type Piece =
  'taken' | 'elsewhere' | 'gone' | { readonly refusal: Refusal } | { readonly waitMs: number }

/** The bytes of a piece: the first, the most, the least. A piece that takes a second is large enough. */
const pieceBytes = { first: 256 * 1024, max: 8 * 1024 * 1024, min: 32 * 1024 } as const
const pieceMs = 1_000

/**
 * Sends a file, piece by piece, and goes on where it was cut off, for as long as it takes. Refused when
 * the server will never take it: too large, no room, not allowed.
 */
export async function uploadFile(options: UploadOptions): Promise<Result<FileView, Refusal>> {
  const { client, source, signal, onProgress } = options
  const { clock } = client.connection
  const pause = pauser(options)
  let id = options.begun
  let offset: number | null = id === null ? 0 : null
  let size: number = pieceBytes.first
  for (;;) {
    signal.throwIfAborted()
    if (id === null || offset === null || offset >= source.size) {
      const looked: Looked = await look(options, id)
      if (looked === 'cut') {
        await pause()
        continue
      }
      if (!looked.ok) {
        // It was forgotten, because too much time had passed: it begins anew.
        if (looked.refusal.code !== 'not_found' || id === null) return looked
        id = null
        continue
      }
      const { value } = looked
      if (value.file !== null) return ok(value.file)
      if (id === null) options.onBegun(value.id)
      id = value.id
      offset = value.offset
      onProgress(offset)
      if (offset >= source.size) await pause()
      continue
    }
    const end = Math.min(source.size, offset + size)
    const startedMs = clock.monotonic()
    const piece = await send(options, id, offset, source.slice(offset, end))
    if (piece === 'taken') {
      const isQuick = clock.monotonic() - startedMs < pieceMs
      size = isQuick ? Math.min(pieceBytes.max, size * 2) : size
      offset = end
      pause.forget()
      onProgress(offset)
    } else if (typeof piece === 'object' && 'refusal' in piece) {
      return refused(piece.refusal)
    } else {
      size = Math.max(pieceBytes.min, size >> 2)
      offset = null
      if (typeof piece === 'object') await pause(piece.waitMs)
    }
  }
}

type Looked = Result<{ id: FileId; offset: number; file: FileView | null }, Refusal> | 'cut'

/** Begins the upload, or asks how far it has come. */
async function look(
  { client, name, source, signal }: UploadOptions,
  id: FileId | null,
): Promise<Looked> {
  try {
    const body = { name, bytes: source.size }
    const asked =
      id === null
        ? await client.uploads.add({ body }, { signal })
        : await client.uploads.get({ params: { file: id } }, { signal })
    const passes = !asked.ok && isPassing(asked.refusal)
    return passes ? 'cut' : asked
  } catch (error) {
    if (error instanceof ConnectionFailed) return 'cut'
    throw error
  }
}

/** Refusals that pass by themselves, or when somebody signs in. */
function isPassing({ code }: Refusal): boolean {
  return code === 'unavailable' || code === 'internal' || code === 'storage_full'
}

async function send(
  { client, signal }: UploadOptions,
  id: FileId,
  offset: number,
  body: Blob,
): Promise<Piece> {
  const { connection } = client
  const cut = AbortSignal.any([signal, deadline(client)])
  try {
    const answer = await connection.fetch(`${connection.url}/v1/uploads/${id}`, {
      method: 'PATCH',
      headers: {
        ...authorization(connection),
        'content-type': 'application/offset+octet-stream',
        'tus-resumable': '1.0.0',
        'upload-offset': String(offset),
      },
      body,
      signal: cut,
      ...fetchOptions(connection),
    })
    if (answer.ok) return 'taken'
    const told: unknown = await answer.json().catch(() => null)
    const refusal = readRefusal(told)
    if (answer.status === 409) return 'elsewhere'
    if (answer.status === 404) return 'gone'
    const waitMs = readRetryAfter(answer.headers.get('retry-after'), connection.clock.now())
    if (refusal === null || isPassing(refusal) || refusal.code === 'too_many') {
      return { waitMs: waitMs ?? limits.retryMsFirst }
    }
    return { refusal }
  } catch {
    signal.throwIfAborted()
    return { waitMs: 0 }
  }
}

/** A piece that does not get through in this time is sent again, smaller. */
function deadline(client: Client): AbortSignal {
  const late = new AbortController()
  client.connection.clock.after(limits.requestMsMax, () => late.abort())
  return late.signal
}

/** Waits longer after every failure in a row, as sends do. */
function pauser({ client, signal }: UploadOptions): ((waitMs?: number) => Promise<void>) & {
  forget: () => void
} {
  const { clock, random } = client.connection
  const naps = new Naps(clock)
  let failures = 0
  const pause = async (waitMs = 0): Promise<void> => {
    failures += 1
    await naps.sleep(Math.max(waitMs, backOffMs(failures, fraction(random))), signal)
  }
  return Object.assign(pause, { forget: () => void (failures = 0) })
}

/** Where the bytes of a file, or of its small picture, are read. */
export function fileAddress(
  url: string,
  file: FileId,
  what: 'shown' | 'attachment' | 'thumbnail',
): string {
  const address = `${url}/files/${file}`
  if (what === 'thumbnail') return `${address}/thumbnail`
  return what === 'attachment' ? `${address}?as=attachment` : address
}

/** The bytes of a file for whoever reads it by a token; null when they cannot be had now. */
export async function readFile(
  { connection }: Client,
  file: FileId,
  what: 'shown' | 'thumbnail',
  signal: AbortSignal,
): Promise<Blob | null> {
  try {
    const answer = await connection.fetch(fileAddress(connection.url, file, what), {
      headers: authorization(connection),
      signal,
      ...fetchOptions(connection),
    })
    return answer.ok ? await answer.blob() : null
  } catch {
    return null
  }
}
