import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ok, refused } from '@fermata/base/result'
import type { DraftView } from '@fermata/contract/drafts.schema'
import { refusal } from '@fermata/contract/errors'
import { fakeClock } from '@fermata/testkit/clock'
import type { Draft, DraftBase as Base } from '../../state/drafts.ts'
import { DraftSync, noBase } from './draft-sync.ts'

const reply = (text: string): Draft => ({ kind: 'reply', text })

/** A server with one draft, as several browsers see it. */
function server() {
  let there: DraftView | null = null
  let version = 0
  const puts: string[] = []
  const write = (base: Base) => {
    if (base.version !== (there?.version ?? 0)) {
      return refused(refusal('draft_changed', { draft: there }))
    }
    puts.push(base.text)
    version += 1
    const by = { id: 'mbr_me', name: 'Me' } as const
    const { kind, text } = base
    const where = { conversation: 'cnv_1', shared: false } as const
    const kept: DraftView = { ...where, kind, text, files: [], version, at: 0, by }
    there = kept
    return ok(kept)
  }
  return {
    puts,
    get there() {
      return there
    },
    write,
    remove(from: number) {
      if (from !== there?.version) return refused(refusal('draft_changed', { draft: there }))
      there = null
      return ok(undefined)
    },
  }
}

function browser(at: ReturnType<typeof server>, words: Draft = reply(''), base = noBase) {
  const clock = fakeClock()
  const seen = { shown: words, asked: null as Draft | null, base }
  const sync = new DraftSync({
    clock,
    base,
    words,
    put: async (draft) => at.write(draft),
    remove: async (version) => at.remove(version),
    keep: (kept) => (seen.base = kept),
    adopt: (adopted) => (seen.shown = adopted),
    ask: (theirs) => (seen.asked = theirs),
  })
  /** Lets a pause pass, and what it began come to its end. */
  const pause = async () => {
    clock.advance(5_000)
    for (let turn = 0; turn < 5; turn++) await Promise.resolve()
  }
  return { sync, seen, pause, clock }
}

test('of words that were prepared only the words are kept', async () => {
  const at = server()
  const told: object[] = []
  const write = (base: Base) => {
    told.push(base)
    return at.write(base)
  }
  const { sync, pause } = browser({ ...at, write })
  sync.told(null)
  sync.typed({ ...reply('Hello Vera'), prepared: ['rpl_1'] })
  await pause()
  assert.deepEqual(told, [{ kind: 'reply', text: 'Hello Vera', version: 0 }])
})

test('what is typed is kept after a pause, once', async () => {
  const at = server()
  const { sync, pause } = browser(at)
  sync.told(null)
  for (const text of ['D', 'De', 'Dear']) sync.typed(reply(text))
  await pause()
  await pause()
  assert.deepEqual(at.puts, ['Dear'])
  sync.told(at.there)
  sync.typed(reply('Dear Vera'))
  await pause()
  assert.deepEqual(at.puts, ['Dear', 'Dear Vera'])
  sync.typed(reply(''))
  await pause()
  assert.equal(at.there, null, 'what was sent is no draft any more')
})

test('what was written elsewhere is shown where nobody has written', async () => {
  const at = server()
  at.write({ ...reply('From the phone'), version: 0 })
  const { sync, seen } = browser(at)
  sync.told(at.there)
  assert.equal(seen.shown.text, 'From the phone')
  at.write({ ...reply('From the phone, on'), version: 1 })
  sync.told(at.there)
  assert.equal(seen.shown.text, 'From the phone, on')
  at.remove(2)
  sync.told(null)
  assert.equal(seen.shown.text, '', 'it was sent from the phone')
})

test('words on both sides are both kept, until somebody chooses', async () => {
  for (const isTheirs of [true, false]) {
    const at = server()
    const { sync, seen, pause } = browser(at)
    sync.told(null)
    sync.typed(reply('Here'))
    at.write({ ...reply('There'), version: 0 })
    await pause()
    assert.equal(seen.asked?.text, 'There')
    sync.typed(reply('Here too'))
    await pause()
    assert.deepEqual(at.puts, ['There'], 'nothing is written over meanwhile')
    sync.choose(isTheirs)
    await pause()
    assert.equal(at.there?.text, isTheirs ? 'There' : 'Here too')
    assert.equal(seen.asked, null)
    if (isTheirs) assert.equal(seen.shown.text, 'There')
  }
})

test('what a former page has not told is told by the next one', async () => {
  const at = server()
  at.write({ ...reply('Dear'), version: 0 })
  const kept = { ...reply('Dear'), version: 1 }
  const { sync, pause } = browser(at, reply('Dear Vera'), kept)
  sync.told(at.there)
  await pause()
  assert.equal(at.there?.text, 'Dear Vera')
})
