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
export type { LeasesTables } from './tables.ts'
export { holdingViews, leaseView } from './views.ts'
