export {
  accessConversation,
  accessMessage,
  accessTalk,
  eyesOf,
  seesMessage,
  type Speaker,
} from './access.ts'
export { decide, unsaid, type Command, type Conversation } from './conversation.ts'
export { hasAnswered, messageUnder, previewOf, saidAs, type Said } from './lookups.ts'
export { conversationMigrations } from './migrations.ts'
export type { Joined } from './moves.note.ts'
export { directFellowsOf } from './floor.lists.ts'
export { conversationsNow, hearersOfDirect } from './now.ts'
export { columnsOf } from './record.ts'
export { seesTalkWith } from './with-contact.ts'
export { conversationsRoom, type ConversationsDeps, type ConversationsRoom } from './room.ts'
export type { TalkActions } from './talk.actions.ts'
export { messageView, rowView } from './views.ts'
export { Raced, unlessRaced } from './word.ts'
