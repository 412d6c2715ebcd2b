import { Type } from 'typebox'
import { contactView } from './contacts.schema.ts'
import { conversationRow, messageView } from './conversations.schema.ts'
import * as drafts from './drafts.schema.ts'
import { closed, id, nullable } from './shapes.schema.ts'

const inConversation = closed({ conversation: id('cnv') })
const toScheduled = closed({ scheduled: id('sch') })
const position = Type.Integer({ minimum: 0 })
const draftAnswer = closed({ draft: drafts.draftView })
const scheduledAnswer = closed({ scheduled: drafts.scheduledView })
const saidAnswer = closed({ conversation: conversationRow, message: messageView })

/** The schemas of the routes of what is written and not yet said. */
export const draftsSchemas = {
  'drafts.list': {
    answer: closed({
      drafts: Type.Array(drafts.draftView),
      scheduled: Type.Array(drafts.scheduledView),
      /** The conversations that they are for, as far as they are seen, and whom those are with. */
      conversations: Type.Array(conversationRow),
      contacts: Type.Array(contactView),
      position,
    }),
  },
  'drafts.get': {
    params: inConversation,
    answer: closed({
      mine: nullable(drafts.draftView),
      shared: nullable(drafts.draftView),
      position,
    }),
  },
  'drafts.put': { params: inConversation, body: drafts.draftBody, answer: draftAnswer },
  'drafts.remove': { params: inConversation, query: drafts.versionQuery },
  'drafts.putShared': { params: inConversation, body: drafts.sharedDraftBody, answer: draftAnswer },
  'drafts.removeShared': { params: inConversation, query: drafts.versionQuery },
  'drafts.sendShared': {
    params: inConversation,
    body: drafts.sharedSendBody,
    answer: saidAnswer,
  },
  'scheduled.add': {
    params: inConversation,
    body: drafts.scheduledBody,
    answer: scheduledAnswer,
  },
  'scheduled.change': {
    params: toScheduled,
    body: drafts.scheduledPatch,
    answer: scheduledAnswer,
  },
  'scheduled.cancel': { params: toScheduled, answer: scheduledAnswer },
  'scheduled.send': { params: toScheduled, answer: saidAnswer },
  'scheduled.remove': { params: toScheduled },
} as const
