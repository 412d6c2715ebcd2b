export { setTimer, type TimerKind, type TimerName } from './actions.ts'
export { scheduleMigrations } from './migrations.ts'
export { schedule, type DueTimer, type Schedule, type TimerHandler } from './schedule.ts'
