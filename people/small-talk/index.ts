export { smallTalkHandlers, type SmallTalkRoute } from './http.ts'
export { smallTalkLists } from './lists.ts'
export { smallTalkMigrations } from './migrations.ts'
