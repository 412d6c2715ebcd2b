import { access } from './en/access.ts'
import { accounts } from './en/accounts.ts'
import { app } from './en/app.ts'
import { channels } from './en/channels.ts'
import { conversations } from './en/conversations.ts'
import { drafts } from './en/drafts.ts'
import { files } from './en/files.ts'
import { moves } from './en/moves.ts'
import { places } from './en/places.ts'
import { replies } from './en/replies.ts'
import { topics } from './en/topics.ts'
import { ui } from './en/ui.ts'

/** All English words. What is here must be in every other language; the compiler and a test see to it. */
export const en = {
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
} as const
