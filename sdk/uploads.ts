import type { FileId } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import { refusal, type Refusal } from '@fermata/contract/errors'
import type { FileView } from '@fermata/contract/files.schema'
import type { Client } from './client.ts'
import { uploadFile } from './upload.ts'

/** A file that somebody is about to send with a message. */
export interface Attachment {
  readonly key: string
  /** Which message it is for: a conversation's id, or another name of where it is written. */
  readonly lane: string
  readonly name: string
  readonly bytes: number
  /** What the browser takes it for; for its picture while it is on its way, and for nothing else. */
  readonly type: string
  /** `missing`: a former run began it, and its bytes are not here: it goes on when it is added again. */
  readonly state: 'waiting' | 'sending' | 'done' | 'refused' | 'missing'
  /** How many bytes the server has. */
  readonly sent: number
  readonly refusal: Refusal | null
  /** The file, once the server has all of it. */
  readonly file: FileView | null
}

/** What is kept of an attachment, so that it goes on after a reload. */
export interface KeptUpload {
  readonly key: string
  readonly lane: string
  readonly name: string
  readonly type: string
  readonly bytes: number
  readonly begun: FileId | null
  readonly file: FileView | null
  /** Its bytes; absent once the server has them, and where the storage keeps none. */
  readonly source?: Blob
}

/** Where attachments survive a reload. It may lose them, and must not fail. */
export interface UploadStorage {
  load(): Promise<readonly KeptUpload[]>
  save(upload: KeptUpload): Promise<void>
  remove(key: string): Promise<void>
}

/** Files on their way to the server, before the messages that will carry them are sent. */
export interface Uploads {
  /** All of them, in the order in which they were added. The same array until something changes. */
  getState(): readonly Attachment[]
  subscribe(listener: () => void): () => void
  /** Begins to send files; those beyond what a message carries are left out. Answers how many. */
  add(lane: string, files: readonly (Blob & { readonly name: string })[]): number
  /** Tries one again that was refused. */
  retry(key: string): void
  /** Gives one up, here and on the server. */
  remove(key: string): void
  /** Hands over the files of a lane to the message that carries them. */
  take(lane: string): readonly FileView[]
  /** What was to go with one message goes with another: its place has another name now. */
  move(from: string, to: string): void
  /** The bytes of one that is on its way, for showing it; null when they are not here. */
  source(key: string): Blob | null
  /** Sends nothing more; what is kept is kept. */
  stop(): void
  /** Resolves when what a former run left has been read. */
  readonly loaded: Promise<void>
}

interface Held {
  attachment: Attachment
  begun: FileId | null
  source: Blob | null
  abort: AbortController
}

/** How many are sent at the same time. */
const atOnceMax = 2

/** Makes the uploads of a client, and goes on with those that a former run left. */
export function createUploads(options: {
  readonly client: Client
  readonly storage: UploadStorage
  /** What must be done before the first byte, such as becoming a visitor; false gives up for now. */
  readonly before?: () => Promise<boolean>
}): Uploads {
  return new UploadsDriver(options)
}

type Options = Parameters<typeof createUploads>[0]

class UploadsDriver implements Uploads {
  readonly #options: Options
  readonly #held = new Map<string, Held>()
  readonly #listeners = new Set<() => void>()
  readonly loaded: Promise<void>
  #shown: readonly Attachment[] = []
  #isStopped = false

  constructor(options: Options) {
    this.#options = options
    this.loaded = this.#load()
  }

  getState(): readonly Attachment[] {
    return this.#shown
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  add(lane: string, files: readonly (Blob & { readonly name: string })[]): number {
    const fresh = files.filter((file) => !this.#goesOn(lane, file))
    const there = this.#shown.filter((one) => one.lane === lane).length
    const fitting = fresh.slice(0, Math.max(0, limits.filesPerMessageMax - there))
    for (const file of fitting) {
      const key = this.#options.client.newId()
      const { name, size, type } = file
      const large = size > limits.fileBytesMax
      const tooLarge = refusal('too_large', { limit: limits.fileBytesMax })
      const attachment: Attachment = {
        ...{ key, lane, name, bytes: size, type, sent: 0, file: null },
        state: large ? 'refused' : 'waiting',
        refusal: large ? tooLarge : null,
      }
      this.#hold({ attachment, begun: null, source: file, abort: new AbortController() })
      if (!large) void this.#keep(key)
    }
    this.#pump()
    return files.length - fresh.length + fitting.length
  }

  /** Whether a file is one whose upload a former run began; it then goes on. */
  #goesOn(lane: string, file: Blob & { readonly name: string }): boolean {
    const held = [...this.#held.values()].find(
      ({ attachment: one }) =>
        one.state === 'missing' &&
        one.lane === lane &&
        one.name === file.name &&
        one.bytes === file.size,
    )
    if (held === undefined) return false
    held.source = file
    this.#change(held, { state: 'waiting' })
    return true
  }

  retry(key: string): void {
    const held = this.#held.get(key)
    if (held?.attachment.state !== 'refused' || held.source === null) return
    held.begun = null
    this.#change(held, { state: 'waiting', refusal: null, sent: 0 })
    this.#pump()
  }

  remove(key: string): void {
    const held = this.#held.get(key)
    if (held === undefined) return
    held.abort.abort()
    this.#forget(key)
    const { client } = this.#options
    // What the server keeps of it is forgotten there after a day, if this does not get through.
    if (held.begun !== null) {
      void client.uploads.remove({ params: { file: held.begun } }).catch(() => undefined)
    }
    this.#pump()
  }

  take(lane: string): readonly FileView[] {
    const mine = [...this.#held.values()].filter(({ attachment }) => attachment.lane === lane)
    const files = mine.flatMap(({ attachment }) => attachment.file ?? [])
    for (const { attachment } of mine) {
      if (attachment.file !== null) this.#forget(attachment.key)
    }
    return files
  }

  move(from: string, to: string): void {
    for (const held of this.#held.values()) {
      if (held.attachment.lane !== from) continue
      this.#change(held, { lane: to })
      void this.#keep(held.attachment.key)
    }
  }

  source(key: string): Blob | null {
    return this.#held.get(key)?.source ?? null
  }

  stop(): void {
    this.#isStopped = true
    for (const { abort } of this.#held.values()) abort.abort()
  }

  async #load(): Promise<void> {
    for (const kept of await this.#options.storage.load()) {
      const { key, lane, name, type, bytes, begun, file, source = null } = kept
      if (this.#held.has(key)) continue
      const attachment: Attachment = {
        ...{ key, lane, name, type, bytes, file, refusal: null },
        state: file !== null ? 'done' : source === null ? 'missing' : 'waiting',
        sent: file?.bytes ?? 0,
      }
      this.#hold({ attachment, begun, source, abort: new AbortController() })
    }
    this.#pump()
  }

  #pump(): void {
    if (this.#isStopped) return
    const all = [...this.#held.values()]
    let free = atOnceMax - all.filter(({ attachment }) => attachment.state === 'sending').length
    for (const held of all) {
      if (free <= 0) return
      if (held.attachment.state !== 'waiting') continue
      free -= 1
      void this.#send(held)
    }
  }

  async #send(held: Held): Promise<void> {
    const { client, before } = this.#options
    const { key, name } = held.attachment
    this.#change(held, { state: 'sending' })
    try {
      if (before !== undefined && !(await before())) {
        this.#change(held, { state: 'refused', refusal: refusal('unavailable') })
        return
      }
      const sent = await uploadFile({
        client,
        name,
        source: held.source ?? new Blob(),
        begun: held.begun,
        signal: held.abort.signal,
        onBegun: (id) => {
          held.begun = id
          void this.#keep(key)
        },
        onProgress: (bytes) => this.#change(held, { sent: bytes }),
      })
      if (!sent.ok) this.#change(held, { state: 'refused', refusal: sent.refusal })
      else {
        this.#change(held, { state: 'done', file: sent.value, sent: sent.value.bytes })
        void this.#keep(key)
      }
    } catch {
      // It was given up, or the page goes: what is kept goes on another time.
    } finally {
      this.#pump()
    }
  }

  #hold(held: Held): void {
    this.#held.set(held.attachment.key, held)
    this.#tell()
  }

  #change(held: Held, change: Partial<Attachment>): void {
    held.attachment = { ...held.attachment, ...change }
    if (this.#held.get(held.attachment.key) === held) this.#tell()
  }

  #forget(key: string): void {
    this.#held.delete(key)
    this.#tell()
    void this.#options.storage.remove(key)
  }

  async #keep(key: string): Promise<void> {
    const held = this.#held.get(key)
    if (held === undefined) return
    const { lane, name, type, bytes, file } = held.attachment
    const kept: KeptUpload = { key, lane, name, type, bytes, begun: held.begun, file }
    const { source } = held
    await this.#options.storage.save(file !== null || source === null ? kept : { ...kept, source })
    // It may have been given up while it was being kept.
    if (!this.#held.has(key)) await this.#options.storage.remove(key)
  }

  #tell(): void {
    this.#shown = [...this.#held.values()].map(({ attachment }) => attachment)
    for (const listener of this.#listeners) listener()
  }
}
