import { Type, type Static } from 'typebox'
import { closed, id, name } from './shapes.schema.ts'

export const teamView = closed({ id: id('tea'), name, members: Type.Array(id('mbr')) })
export type TeamView = Static<typeof teamView>

export const teamBody = closed({ name })
