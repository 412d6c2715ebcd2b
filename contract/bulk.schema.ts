import { Type, type Static } from 'typebox'
import { limits } from '@fermata/base/limits'
import { errors, type ErrorCode } from './errors.ts'
import { handBody } from './leases.schema.ts'
import { pauseBody } from './conversations.schema.ts'
import { clientId, closed, id, nullable, oneOf } from './shapes.schema.ts'
import { urgencies } from './words.ts'

const conversations = Type.Array(id('cnv'), {
  minItems: 1,
  maxItems: limits.bulkConversationsMax,
  uniqueItems: true,
})
const labels = Type.Array(id('lbl'), {
  maxItems: limits.labelsPerConversationMax,
  uniqueItems: true,
})

/** What may be done to many conversations at once. */
export const bulkAct = Type.Union([
  closed({ type: Type.Literal('resolve') }),
  /** Puts them away for myself alone. */
  closed({ type: Type.Literal('archive') }),
  closed({ type: Type.Literal('pause'), ...pauseBody.properties }),
  closed({ type: Type.Literal('urgency'), urgency: oneOf(urgencies) }),
  /** Puts labels on and takes labels off; those that are in neither list stay. */
  closed({ type: Type.Literal('labels'), add: labels, remove: labels }),
  closed({ type: Type.Literal('hand'), ...handBody.properties }),
  closed({ type: Type.Literal('take') }),
  closed({ type: Type.Literal('release') }),
])
export type BulkAct = Static<typeof bulkAct>

export const bulkBody = closed({
  /** The client's own id of this request: a repeat does nothing twice, and it is undone by it. */
  client: clientId,
  conversations,
  act: bulkAct,
})
export type BulkBody = Static<typeof bulkBody>

export const bulkUndoBody = closed({ client: clientId, conversations })

/** What came of it for one conversation. */
export const bulkOutcome = closed({
  conversation: id('cnv'),
  /** Why it was not done; null when it was. */
  refusal: nullable(
    closed({
      code: Type.Unsafe<ErrorCode>(Type.String({ enum: Object.keys(errors) })),
      message: Type.String(),
    }),
  ),
})
export type BulkOutcome = Static<typeof bulkOutcome>
