import { claimsOf } from './claims.contract.ts'
import { confluentHere, confluentKind } from './kinds.world.ts'

claimsOf(confluentKind, confluentHere.skip)
