export { auditHandlers, type AuditRoute } from './http.ts'
export { auditMigrations } from './migrations.ts'
export { byOf, changesBetween, fromWithin, record, type By, type Done } from './record.ts'
