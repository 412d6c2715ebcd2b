import { Type, type Static, type TSchema } from 'typebox'
import { limits } from '@fermata/base/limits'
import * as accounts from './accounts.schema.ts'
import { addressSchemas } from './addresses.schema.ts'
import { auditActions } from './audit.ts'
import { auditEntry } from './audit.schema.ts'
import { bulkBody, bulkOutcome, bulkUndoBody } from './bulk.schema.ts'
import * as channels from './channels.schema.ts'
import { channelSchemas } from './routes.channels.schema.ts'
import * as contacts from './contacts.schema.ts'
import * as talks from './conversations.schema.ts'
import { feedEvent, presence } from './events.schema.ts'
import * as leases from './leases.schema.ts'
import { moveSchemas } from './moves.schema.ts'
import { uploadBody, uploadView } from './files.schema.ts'
import { inboxBody, inboxPatch, inboxView, widgetView } from './places.schema.ts'
import { draftsSchemas } from './routes.drafts.schema.ts'
import type { RouteName } from './routes.ts'
import {
  closed,
  email,
  id,
  name,
  line,
  nullable,
  oneOf,
  pageLimit,
  pageToken,
  time,
} from './shapes.schema.ts'
import { labelBody, labelPatch, labelView } from './labels.schema.ts'
import { replyBody, replyPatch, replyUse, replyView } from './replies.schema.ts'
import { listName, smallTalkBody, smallTalkView } from './small-talk.schema.ts'
import { teamBody, teamPatch, teamView } from './teams.schema.ts'
import * as topics from './topics.schema.ts'
import { lists } from './words.ts'

/** What a route takes and gives. Absent parts take nothing. */
export interface RouteSchema {
  readonly params?: TSchema
  readonly query?: TSchema
  readonly body?: TSchema
  /** The answer's body; absent where the answer is 204 without one. */
  readonly answer?: TSchema
}

const inConversation = closed({ conversation: id('cnv') })
const ofTopic = closed({ topic: topics.topicName })
const inMessage = closed({ message: id('msg') })
const toMember = closed({ member: id('mbr') })
const toTeam = closed({ team: id('tea') })
const toFile = closed({ file: id('fil') })
const inTeam = closed({ team: id('tea'), member: id('mbr') })
const toInbox = closed({ inbox: id('ibx') })
const byKey = closed({ key: Type.String({ minLength: 1, maxLength: 40 }) })
const position = Type.Integer({ minimum: 0 })
const number = Type.Integer({ minimum: 0 })
const list = <T extends TSchema>(row: T) => closed({ rows: Type.Array(row), position })
const auditFilter = Type.String({ minLength: 1, maxLength: 40, pattern: line })
const toLabel = closed({ label: id('lbl') })
const toReply = closed({ reply: id('rpl') })
const secret = closed({ secret: Type.String() })

const anyRow = Type.Union([talks.conversationRow, channels.floorRow])
const conversationAnswer = closed({
  conversation: anyRow,
  /** Null where members talk among themselves. */
  contact: nullable(contacts.contactView),
  participants: Type.Array(talks.participantView),
  mine: nullable(talks.mineView),
  position,
})
const saidAnswer = closed({ conversation: talks.conversationRow, message: talks.messageView })
const anySaidAnswer = closed({ conversation: anyRow, message: talks.messageView })
const rowAnswer = closed({ conversation: talks.conversationRow })
const mineAnswer = closed({ mine: talks.mineView })
const count = Type.Integer({ minimum: 0, maximum: limits.countMax + 1 })

/** The schemas of every route, by name. */
export const schemas = {
  'setup.get': { answer: closed({ open: Type.Boolean() }) },
  'setup.do': { body: accounts.setupBody, answer: accounts.meView },
  'sessions.start': { body: accounts.signInBody, answer: accounts.meView },
  'sessions.list': { answer: closed({ rows: Type.Array(accounts.sessionView) }) },
  'sessions.end': {
    params: closed({ session: Type.Union([id('ses'), Type.Literal('current')]) }),
  },
  'me.get': { answer: accounts.meView },
  'me.change': { body: accounts.mePatch, answer: accounts.memberView },
  'me.password': { body: accounts.passwordBody },
  'members.list': { answer: list(accounts.memberView) },
  'members.add': { body: accounts.memberBody, answer: accounts.memberView },
  'members.change': { params: toMember, body: accounts.memberPatch, answer: accounts.memberView },
  'members.deactivate': { params: toMember, answer: accounts.memberView },
  'members.reactivate': { params: toMember, answer: accounts.memberView },
  'apps.list': { answer: list(accounts.appView) },
  'apps.answering': {
    answer: closed({ rows: Type.Array(closed({ id: id('app'), name })) }),
  },
  'apps.add': {
    body: accounts.appBody,
    answer: closed({ app: accounts.appView, token: Type.String() }),
  },
  'apps.change': {
    params: closed({ app: id('app') }),
    body: accounts.appPatch,
    answer: accounts.appView,
  },
  'apps.remove': { params: closed({ app: id('app') }) },
  'apps.addToken': {
    params: closed({ app: id('app') }),
    body: accounts.tokenBody,
    answer: closed({ app: accounts.appView, token: Type.String() }),
  },
  'apps.removeToken': { params: closed({ app: id('app'), token: id('tok') }) },
  'workspaces.add': { body: accounts.workspaceBody, answer: accounts.workspaceView },
  'members.reset': {
    params: toMember,
    answer: closed({ token: Type.String(), expiresAt: time }),
  },
  'members.endTwoFactor': { params: toMember },
  'resets.ask': { body: accounts.resetAsk },
  'resets.use': { body: accounts.resetUse },
  'twoFactor.get': { answer: accounts.factorView },
  'twoFactor.begin': {
    body: accounts.ownPassword,
    answer: closed({ secret: Type.String(), uri: Type.String() }),
  },
  'twoFactor.confirm': { body: accounts.codeBody, answer: accounts.recoveryCodes },
  'twoFactor.end': { body: accounts.ownPassword },
  'twoFactor.renewCodes': { body: accounts.ownPassword, answer: accounts.recoveryCodes },
  'roles.list': { answer: closed({ rows: Type.Array(accounts.roleView) }) },
  'roles.add': { body: accounts.roleBody, answer: accounts.roleView },
  'roles.change': {
    params: closed({ role: id('rol') }),
    body: accounts.rolePatch,
    answer: accounts.roleView,
  },
  'roles.remove': { params: closed({ role: id('rol') }) },
  'invitations.list': { answer: closed({ rows: Type.Array(accounts.invitationView) }) },
  'invitations.add': {
    body: accounts.invitationBody,
    answer: closed({ invitation: accounts.invitationView, token: Type.String() }),
  },
  'invitations.remove': { params: closed({ invitation: id('inv') }) },
  'invitations.look': { body: closed({ token: accounts.linkToken }), answer: accounts.invitedView },
  'invitations.accept': { body: accounts.acceptBody, answer: accounts.meView },
  'letters.list': { answer: closed({ rows: Type.Array(accounts.letterView) }) },
  'letters.open': {
    params: closed({ letter: id('out') }),
    answer: closed({ token: Type.String() }),
  },
  'audit.list': {
    query: Type.Partial(
      closed({
        actor: auditFilter,
        action: oneOf(auditActions),
        target: auditFilter,
        since: time,
        until: time,
        page: pageToken,
        limit: pageLimit,
      }),
      { additionalProperties: false },
    ),
    answer: closed({ rows: Type.Array(auditEntry), next: nullable(pageToken) }),
  },
  'teams.list': { answer: list(teamView) },
  'teams.add': { body: teamBody, answer: teamView },
  'teams.change': { params: toTeam, body: teamPatch, answer: teamView },
  'teams.remove': { params: toTeam },
  'teams.join': { params: inTeam, answer: teamView },
  'teams.leave': { params: inTeam, answer: teamView },
  'inboxes.list': { answer: list(inboxView) },
  'inboxes.add': { body: inboxBody, answer: inboxView },
  'inboxes.change': { params: toInbox, body: inboxPatch, answer: inboxView },
  'inboxes.secret': { params: toInbox, answer: secret },
  'inboxes.renewSecret': { params: toInbox, answer: secret },
  'bulk.do': { body: bulkBody, answer: closed({ outcomes: Type.Array(bulkOutcome) }) },
  'bulk.undo': { body: bulkUndoBody, answer: closed({ outcomes: Type.Array(bulkOutcome) }) },
  'labels.list': { answer: list(labelView) },
  'labels.add': { body: labelBody, answer: labelView },
  'labels.change': { params: toLabel, body: labelPatch, answer: labelView },
  'labels.remove': { params: toLabel, answer: labelView },
  'labels.restore': { params: toLabel, answer: labelView },
  'replies.list': { answer: list(replyView) },
  'replies.usage': { answer: closed({ rows: Type.Array(replyUse) }) },
  'replies.add': { body: replyBody, answer: replyView },
  'replies.change': { params: toReply, body: replyPatch, answer: replyView },
  'replies.remove': { params: toReply, answer: replyView },
  'replies.restore': { params: toReply, answer: replyView },
  'topics.list': {
    answer: closed({ rows: Type.Array(topics.topicRow), isCut: Type.Boolean() }),
  },
  'topics.add': { body: topics.topicBody, answer: topics.topicView },
  'topics.get': { params: ofTopic, answer: topics.topicView },
  'records.list': {
    params: ofTopic,
    query: topics.recordsQuery,
    answer: topics.recordsView,
  },
  'records.publish': {
    params: ofTopic,
    body: topics.recordsBody,
    answer: topics.publishedView,
  },
  'groups.list': { answer: closed({ rows: Type.Array(topics.groupView) }) },
  'smallTalk.list': { answer: closed({ rows: Type.Array(smallTalkView) }) },
  'smallTalk.put': {
    params: closed({ language: listName }),
    body: smallTalkBody,
    answer: smallTalkView,
  },
  'smallTalk.delete': { params: closed({ language: listName }), answer: smallTalkView },
  'widget.get': { params: byKey, answer: widgetView },
  'visitors.add': {
    params: byKey,
    body: contacts.visitorBody,
    answer: closed({ token: Type.String(), contact: contacts.contactView }),
  },
  'identity.prove': { body: contacts.identityBody, answer: contacts.contactView },
  'contacts.list': {
    query: Type.Partial(
      closed({ page: pageToken, limit: pageLimit, externalId: Type.String(), email }),
      { additionalProperties: false },
    ),
    answer: closed({ rows: Type.Array(contacts.contactView), next: nullable(pageToken), position }),
  },
  'contacts.get': { params: closed({ contact: id('ctc') }), answer: contacts.contactView },
  'contacts.add': { body: contacts.contactBody, answer: contacts.contactView },
  'contacts.change': {
    params: closed({ contact: id('ctc') }),
    body: contacts.contactPatch,
    answer: contacts.contactView,
  },
  'conversations.list': {
    query: Type.Partial(
      closed({
        list: oneOf(lists),
        inbox: id('ibx'),
        contact: id('ctc'),
        page: pageToken,
        limit: pageLimit,
      }),
      { additionalProperties: false },
    ),
    answer: closed({
      rows: Type.Array(talks.conversationRow),
      /** My own state of those rows where I have one. */
      mine: Type.Array(talks.mineView),
      /** The contacts of those rows. */
      contacts: Type.Array(contacts.contactView),
      next: nullable(pageToken),
      position,
    }),
  },
  'conversations.counts': {
    query: Type.Partial(closed({ inbox: id('ibx') }), { additionalProperties: false }),
    answer: closed({
      /** 1,001 means "1,000+". */
      counts: closed({
        myTurn: count,
        free: count,
        ours: count,
        paused: count,
        resolved: count,
        all: count,
      }),
      position,
    }),
  },
  'conversations.open': { body: talks.conversationBody, answer: saidAnswer },
  'conversations.get': { params: inConversation, answer: conversationAnswer },
  'conversations.change': {
    params: inConversation,
    body: talks.conversationPatch,
    answer: rowAnswer,
  },
  'conversations.pause': { params: inConversation, body: talks.pauseBody, answer: rowAnswer },
  'conversations.resume': { params: inConversation, answer: rowAnswer },
  'conversations.resolve': { params: inConversation, answer: rowAnswer },
  'conversations.reopen': { params: inConversation, answer: rowAnswer },
  'conversations.turn': { params: inConversation, body: talks.turnBody, answer: rowAnswer },
  'conversations.history': {
    params: inConversation,
    answer: closed({ events: Type.Array(feedEvent), position }),
  },
  ...moveSchemas,
  ...addressSchemas,
  'leases.take': { params: inConversation, body: leases.leaseBody, answer: rowAnswer },
  'leases.release': { params: inConversation, answer: rowAnswer },
  'leases.hand': { params: inConversation, body: leases.handBody, answer: rowAnswer },
  'leases.pass': { params: inConversation, body: leases.passBody, answer: rowAnswer },
  'leases.list': {
    params: inConversation,
    answer: closed({ holdings: Type.Array(leases.holdingView) }),
  },
  'leases.next': {
    params: toInbox,
    body: leases.nextBody,
    answer: closed({
      /** Null when there is nothing to do, also after waiting. */
      conversation: nullable(talks.conversationRow),
      contact: nullable(contacts.contactView),
    }),
  },
  'cursor.put': { params: inConversation, body: talks.cursorBody, answer: mineAnswer },
  'archive.put': { params: inConversation, answer: mineAnswer },
  'archive.delete': { params: inConversation, answer: mineAnswer },
  'snooze.put': { params: inConversation, body: talks.snoozeBody, answer: mineAnswer },
  'snooze.delete': { params: inConversation, answer: mineAnswer },
  'participants.add': { params: closed({ conversation: id('cnv'), member: id('mbr') }) },
  'participants.remove': { params: closed({ conversation: id('cnv'), member: id('mbr') }) },
  'messages.list': {
    params: inConversation,
    query: Type.Partial(closed({ before: number, after: number, limit: pageLimit }), {
      additionalProperties: false,
    }),
    answer: closed({
      messages: Type.Array(talks.messageView),
      /** Whether there are more before the first and after the last of these. */
      more: closed({ before: Type.Boolean(), after: Type.Boolean() }),
      position,
    }),
  },
  'messages.post': { params: inConversation, body: talks.messageBody, answer: anySaidAnswer },
  'messages.edit': {
    params: inMessage,
    body: talks.editBody,
    answer: closed({ message: talks.messageView }),
  },
  'messages.delete': { params: inMessage, answer: closed({ message: talks.messageView }) },
  'messages.edits': { params: inMessage, answer: closed({ edits: Type.Array(talks.editView) }) },
  'presence.put': {
    params: inConversation,
    body: closed({ doing: presence.properties.doing }),
  },
  ...channelSchemas,
  ...draftsSchemas,
  'uploads.add': { body: uploadBody, answer: uploadView },
  'uploads.get': { params: toFile, answer: uploadView },
  'uploads.append': { params: toFile },
  'uploads.remove': { params: toFile },
  'files.read': {
    params: toFile,
    query: Type.Partial(closed({ as: Type.Literal('attachment') }), {
      additionalProperties: false,
    }),
  },
  'files.thumbnail': { params: toFile },
  'feed.read': {
    query: Type.Partial(
      closed({
        since: position,
        limit: Type.Integer({ minimum: 1, maximum: limits.feedPageEventsMax }),
      }),
      { additionalProperties: false },
    ),
    answer: closed({
      events: Type.Array(feedEvent),
      /** Scanned up to here: ask with it as `since` next time. */
      position,
      /** The position asked for is too old: fetch afresh. */
      reset: Type.Boolean(),
    }),
  },
} as const satisfies Record<RouteName, RouteSchema>

type Schemas = typeof schemas
type Part<N extends RouteName, K extends keyof RouteSchema> =
  Schemas[N] extends Record<K, infer S extends TSchema> ? Static<S> : undefined

/** What a call of a route brings: only the parts that the route takes. */
export type Call<N extends RouteName> = {
  [K in 'params' | 'query' | 'body' as Part<N, K> extends undefined ? never : K]: Part<N, K>
}

/** What a route answers; `undefined` where it answers 204. */
export type Answer<N extends RouteName> = Part<N, 'answer'>
