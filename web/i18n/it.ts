import type { en } from './en.ts'
import { access } from './it/access.ts'
import { accounts } from './it/accounts.ts'
import { app } from './it/app.ts'
import { channels } from './it/channels.ts'
import { conversations } from './it/conversations.ts'
import { drafts } from './it/drafts.ts'
import { files } from './it/files.ts'
import { moves } from './it/moves.ts'
import { places } from './it/places.ts'
import { replies } from './it/replies.ts'
import { topics } from './it/topics.ts'
import { ui } from './it/ui.ts'

/** The same keys as another language, with words of its own. */
type WordsLike<T> = { readonly [K in keyof T]: T[K] extends string ? string : WordsLike<T[K]> }

/** All Italian words. */
export const it: WordsLike<typeof en> = {
  ui,
  app,
  accounts,
  access,
  places,
  files,
  conversations,
  drafts,
  channels,
  moves,
  replies,
  topics,
}
