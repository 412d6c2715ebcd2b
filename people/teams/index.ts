export { accessTeam } from './access.ts'
export { teamsMigrations } from './migrations.ts'
export type { TeamsTables } from './tables.ts'
