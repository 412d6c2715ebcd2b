import { Type, type Static } from 'typebox'
import { limits } from '@fermata/base/limits'
import { closed, id, name } from './shapes.schema.ts'

/** How long its leases last from their holder's last act, where nobody asks for less or more. */
const leaseMs = Type.Integer({ minimum: limits.teamLeaseMsMin, maximum: limits.teamLeaseMsMax })

export const teamView = closed({ id: id('tea'), name, members: Type.Array(id('mbr')), leaseMs })
export type TeamView = Static<typeof teamView>

export const teamBody = closed({ name, leaseMs: Type.Optional(leaseMs) })
export const teamPatch = Type.Partial(closed({ name, leaseMs }), {
  additionalProperties: false,
  minProperties: 1,
})
