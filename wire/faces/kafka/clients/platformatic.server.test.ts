import { claimsOf } from './claims.contract.ts'
import { nodeKinds } from './kinds.world.ts'

for (const kind of nodeKinds.filter(({ name }) => name.startsWith('@platformatic')))
  claimsOf(kind, false)
