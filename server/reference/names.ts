import * as accounts from '@fermata/contract/accounts.schema'
import * as addresses from '@fermata/contract/addresses.schema'
import { auditEntry } from '@fermata/contract/audit.schema'
import { bulkAct } from '@fermata/contract/bulk.schema'
import * as channels from '@fermata/contract/channels.schema'
import * as contacts from '@fermata/contract/contacts.schema'
import * as talks from '@fermata/contract/conversations.schema'
import * as drafts from '@fermata/contract/drafts.schema'
import { feedEvent, now, presence } from '@fermata/contract/events.schema'
import { fileView } from '@fermata/contract/files.schema'
import { labelView } from '@fermata/contract/labels.schema'
import { moveView } from '@fermata/contract/moves.schema'
import { answerMinutes, inboxView, widgetView } from '@fermata/contract/places.schema'
import { replyView } from '@fermata/contract/replies.schema'
import { smallTalkView } from '@fermata/contract/small-talk.schema'
import { teamView } from '@fermata/contract/teams.schema'
import * as topics from '@fermata/contract/topics.schema'
import type { TSchema } from 'typebox'

/** The schemas that the reference describes once, under a name, and refers to elsewhere. */
export const namedSchemas: Readonly<Record<string, TSchema>> = {
  Workspace: accounts.workspaceView,
  Member: accounts.memberView,
  App: accounts.appView,
  Permissions: accounts.held,
  OwnRole: accounts.roleView,
  Invitation: accounts.invitationView,
  Letter: accounts.letterView,
  AuditEntry: auditEntry,
  Session: accounts.sessionView,
  Me: accounts.meView,
  Team: teamView,
  Inbox: inboxView,
  AnswerMinutes: answerMinutes,
  Widget: widgetView,
  Contact: contacts.contactView,
  Channel: channels.channelView,
  Seat: channels.seatView,
  ConversationAmongMembers: channels.floorRow,
  Conversation: talks.conversationRow,
  Author: talks.author,
  Pause: talks.pause,
  Preview: talks.preview,
  Mine: talks.mineView,
  Participant: talks.participantView,
  Message: talks.messageView,
  NewMessage: talks.messageBody,
  Edit: talks.editView,
  File: fileView,
  Draft: drafts.draftView,
  Scheduled: drafts.scheduledView,
  When: drafts.when,
  Reply: replyView,
  Label: labelView,
  SmallTalk: smallTalkView,
  Move: moveView,
  Address: addresses.addressView,
  Union: addresses.unionView,
  Card: addresses.cardView,
  BulkAct: bulkAct,
  Topic: topics.topicView,
  TopicRecord: topics.recordView,
  Group: topics.groupView,
  Event: feedEvent,
  Now: now,
  Presence: presence,
}

const nameOf = new Map<object, string>(
  Object.entries(namedSchemas).map(([name, schema]) => [schema, name]),
)

/** A schema as plain JSON. */
export type PlainSchema = Readonly<Record<string, unknown>>

function plainValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainValue)
  if (typeof value !== 'object' || value === null) return value
  return refer(value)
}

/** A schema as plain JSON, with references in place of the named schemas inside it. */
export function inPlain(schema: object): PlainSchema {
  return Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, plainValue(value)]))
}

/** A reference to a schema that has a name, otherwise the schema itself as plain JSON. */
export function refer(schema: object): PlainSchema {
  const name = nameOf.get(schema)
  return name === undefined ? inPlain(schema) : { $ref: `#/components/schemas/${name}` }
}
