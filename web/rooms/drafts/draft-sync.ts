import type { Cancel, Clock } from '@fermata/base/clock'
import type { Result } from '@fermata/base/result'
import type { DraftView } from '@fermata/contract/drafts.schema'
import { emptyDraft, type Draft, type DraftBase as Base } from '../../state/drafts.ts'
import type { Trouble } from '../../state/trouble.ts'

/** Nothing was agreed upon yet. */
export const noBase: Base = { ...emptyDraft, version: 0 }

/** How long somebody must pause before their words are kept, in milliseconds. */
const quietMs = 1_000
/** How long after a server that could not be reached is asked again. */
const againMs = 5_000

/** What a draft is kept in step with. */
export interface DraftSyncOptions {
  readonly clock: Clock
  readonly base: Base
  readonly words: Draft
  put(draft: Base): Promise<Result<DraftView, Trouble>>
  remove(version: number): Promise<Result<unknown, Trouble>>
  /** Keeps what was agreed upon, for when this page is gone. */
  keep(base: Base): void
  /** Shows words that were written elsewhere. */
  adopt(words: Draft): void
  /** Asks which words to keep, or (null) asks no more. */
  ask(theirs: Draft | null): void
}

function same(a: Draft, b: Draft): boolean {
  return a.text === b.text && (a.kind === b.kind || a.text === '')
}

function isEmpty({ text }: Draft): boolean {
  return text.trim() === ''
}

/**
 * Keeps the words in a field and the draft on the server in step. What was changed elsewhere is shown while nobody
 * has written here; if somebody has, both are kept and they are asked.
 */
export class DraftSync {
  readonly #options: DraftSyncOptions
  #base: Base
  #words: Draft
  /** What the server has; undefined until it has said so. */
  #theirs: Base | undefined
  #isBusy = false
  #isAsking = false
  #isOver = false
  #cancel: Cancel = () => {}

  constructor(options: DraftSyncOptions) {
    this.#options = options
    this.#base = options.base
    this.#words = options.words
  }

  /** Somebody has written on. Nothing left is told at once: it was sent, or thrown away. */
  typed(words: Draft): void {
    this.#words = words
    this.#saveAfter(isEmpty(words) ? 0 : quietMs)
  }

  /** The server has told what it has; null: none. */
  told(draft: Pick<DraftView, 'kind' | 'text' | 'version'> | null): void {
    const { kind, text, version } = draft ?? noBase
    this.#theirs = { kind, text, version }
    this.#compare()
  }

  /** Chooses between what was written here and elsewhere. */
  choose(isTheirs: boolean): void {
    const theirs = this.#theirs ?? noBase
    this.#isAsking = false
    this.#options.ask(null)
    this.#agree(theirs)
    if (isTheirs) this.#show(theirs)
    else this.#saveAfter(0)
  }

  /** Keeps what is there now, and does no more after that. */
  leave(): void {
    this.#isOver = true
    this.#cancel()
    void this.#save()
  }

  #agree(base: Base): void {
    this.#base = base
    this.#options.keep(base)
  }

  #show(words: Draft): void {
    this.#words = { kind: words.kind, text: words.text }
    this.#options.adopt(this.#words)
  }

  #saveAfter(delayMs: number): void {
    this.#cancel()
    if (!this.#isOver) this.#cancel = this.#options.clock.after(delayMs, () => void this.#save())
  }

  #compare(): void {
    const theirs = this.#theirs
    if (theirs === undefined || this.#isBusy || this.#isAsking || this.#isOver) return
    const isOld = theirs.version !== 0 && theirs.version < this.#base.version
    if (isOld || theirs.version === this.#base.version) {
      if (!same(this.#words, this.#base)) this.#saveAfter(quietMs)
    } else if (same(this.#words, this.#base)) {
      this.#agree(theirs)
      this.#show(theirs)
    } else if (same(this.#words, theirs) || theirs.version === 0) {
      // It was written here too, or sent from elsewhere: what stands here is a new one.
      this.#agree(theirs)
      this.#saveAfter(quietMs)
    } else {
      this.#isAsking = true
      this.#options.ask(theirs)
    }
  }

  async #save(): Promise<void> {
    if (this.#isBusy || this.#isAsking || same(this.#words, this.#base)) return
    const words = this.#words
    const { version } = this.#base
    if (isEmpty(words) && version === 0) return
    this.#isBusy = true
    const result = isEmpty(words)
      ? await this.#options.remove(version)
      : await this.#options.put({ kind: words.kind, text: words.text, version })
    this.#isBusy = false
    if (result.ok) {
      const kept = isEmpty(words) ? 0 : (result.value as DraftView).version
      this.#agree(isEmpty(words) ? noBase : { ...words, version: kept })
    } else if (result.refusal.code === 'draft_changed') {
      const { draft = null } = result.refusal
      this.#theirs = draft ?? noBase
    } else {
      if (result.refusal.code === 'unreachable') this.#saveAfter(againMs)
      return
    }
    if (this.#isOver) return
    this.#compare()
  }
}
