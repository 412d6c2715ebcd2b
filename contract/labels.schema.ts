import { Type, type Static } from 'typebox'
import { limits } from '@fermata/base/limits'
import { labelColours } from './labels.ts'
import { closed, id, oneOf } from './shapes.schema.ts'

const name = Type.String({
  minLength: 1,
  maxLength: limits.labelCharsMax,
  pattern: String.raw`^[^\u0000-\u001f\u007f,]*[^\s\u0000-\u001f\u007f,][^\u0000-\u001f\u007f,]*$`,
})
const colour = oneOf(labelColours)

export const labelView = closed({ id: id('lbl'), name, colour })
export type LabelView = Static<typeof labelView>

export const labelBody = closed({ name, colour: Type.Optional(colour) })
export const labelPatch = Type.Partial(closed({ name, colour }), {
  additionalProperties: false,
  minProperties: 1,
})
