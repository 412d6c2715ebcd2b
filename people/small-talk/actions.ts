import type { Clock } from '@fermata/base/clock'
import { bytesOf, type Ids } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import { ok, refused, type Result } from '@fermata/base/result'
import { refusal, type Refusal } from '@fermata/contract/errors'
import { wordsOf } from '@fermata/contract/small-talk'
import type { SmallTalkView } from '@fermata/contract/small-talk.schema'
import type { Storage, WriteTx } from '@fermata/storage/port'
import { lockWorkspace } from '../accounts/index.ts'
import { changesBetween, record, type By } from '../audit/index.ts'
import { smallTalkLists } from './lists.ts'
import { deleteList, putList } from './store.sql.ts'

/** What the room of small talk is built from. */
export interface SmallTalkDeps {
  readonly storage: Storage
  readonly clock: Clock
  readonly ids: Ids
}

/** A word that is none would never be found in a text. */
function wrongWord(words: readonly string[]): Refusal | null {
  const wrong = words.find((word) => wordsOf(word).length !== 1)
  if (wrong === undefined) return null
  return refusal('invalid_field', { message: `“${wrong}” is not one word.`, field: 'body.words' })
}

async function listOf(tx: WriteTx, by: By, language: string): Promise<SmallTalkView> {
  const lists = await smallTalkLists(tx, by.caller.workspace)
  return lists.find((one) => one.language === language) ?? { language, words: [], usual: true }
}

async function changed(
  tx: WriteTx,
  deps: SmallTalkDeps,
  by: By,
  before: SmallTalkView,
): Promise<Result<SmallTalkView, Refusal>> {
  const after = await listOf(tx, by, before.language)
  const changes = changesBetween({ words: before.words }, { words: after.words })
  if (changes.length > 0) {
    await record(tx, deps.ids, by, {
      workspace: by.caller.workspace,
      at: deps.clock.now(),
      action: 'smallTalk.changed',
      targetName: before.language,
      changes,
    })
  }
  return ok(after)
}

/** Sets the words of a language. What was said before stays as it was taken then. */
export function putSmallTalk(
  deps: SmallTalkDeps,
  by: By,
  { language, words }: { readonly language: string; readonly words: readonly string[] },
): Promise<Result<SmallTalkView, Refusal>> {
  const workspace = bytesOf(by.caller.workspace)
  return deps.storage.write(async (tx): Promise<Result<SmallTalkView, Refusal>> => {
    await lockWorkspace(tx, workspace)
    const wrong = wrongWord(words)
    if (wrong !== null) return refused(wrong)
    const lists = await smallTalkLists(tx, by.caller.workspace)
    const limit = limits.smallTalkListsMax
    if (lists.length >= limit && lists.every((one) => one.language !== language)) {
      return refused(refusal('limit_reached', { field: 'smallTalkListsMax', limit }))
    }
    const before = await listOf(tx, by, language)
    await tx.run(putList, {
      workspace,
      language,
      words: JSON.stringify(words),
      changed_at: deps.clock.now(),
      changed_by: by.caller.id,
    })
    return changed(tx, deps, by, before)
  })
}

/** Goes back to the usual words of a language. */
export function resetSmallTalk(
  deps: SmallTalkDeps,
  by: By,
  language: string,
): Promise<Result<SmallTalkView, Refusal>> {
  const workspace = bytesOf(by.caller.workspace)
  return deps.storage.write(async (tx): Promise<Result<SmallTalkView, Refusal>> => {
    await lockWorkspace(tx, workspace)
    const before = await listOf(tx, by, language)
    await tx.run(deleteList, { workspace, language })
    return changed(tx, deps, by, before)
  })
}
