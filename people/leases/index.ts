export {
  changeLease,
  heldBy,
  holdersOf,
  leasesMax,
  roomForOne,
  takenBefore,
  type Subject,
} from './actions.ts'
export {
  decide,
  unheld,
  type Command,
  type Held,
  type Holder,
  type Lease,
  type Outcome,
} from './lease.ts'
export { leasesMigrations } from './migrations.ts'
export type { LeasesTables, LeaseTable } from './tables.ts'
export { leaseRowOf, resumeLease } from './resume.ts'
export { holdingViews, leaseView } from './views.ts'
