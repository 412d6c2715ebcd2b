export { accessLabel, labelView, usableLabels, visibleLabels } from './access.ts'
export { addLabel, type LabelsDeps } from './actions.ts'
export { labelsHandlers, type LabelsRoute } from './http.ts'
export { labelsMigrations } from './migrations.ts'
