export { accessConversation, accessMessage } from './access.ts'
export { conversationMigrations } from './migrations.ts'
export { conversationsNow } from './now.ts'
export { conversationsRoom, type ConversationsDeps, type ConversationsRoom } from './room.ts'
