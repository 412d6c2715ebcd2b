import { bytesOf, type WorkspaceId } from '@fermata/base/ids'
import type { SmallTalkView } from '@fermata/contract/small-talk.schema'
import type { ReadTx } from '@fermata/storage/port'
import { ownLists } from './store.sql.ts'
import { usualLists } from './usual.ts'

/** The lists that count in a workspace: its own, and the usual ones of all other languages. */
export async function smallTalkLists(
  tx: ReadTx,
  workspace: WorkspaceId,
): Promise<readonly SmallTalkView[]> {
  const rows = await tx.all(ownLists, { workspace: bytesOf(workspace) })
  const own = rows.map(({ language, words }) => {
    return { language, words: JSON.parse(words) as string[], usual: false }
  })
  const isOwn = new Set(own.map(({ language }) => language))
  const usual = usualLists
    .filter(({ language }) => !isOwn.has(language))
    .map(({ language, words }) => ({ language, words: [...words], usual: true }))
  return [...usual, ...own].toSorted((a, b) => (a.language < b.language ? -1 : 1))
}
