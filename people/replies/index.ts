export { accessReply, replyView, visibleReplies } from './access.ts'
export { repliesUsed } from './actions.ts'
export { repliesHandlers, type RepliesRoute } from './http.ts'
export { repliesMigrations } from './migrations.ts'
