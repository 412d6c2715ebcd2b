import type {
  ConversationId,
  FileId,
  LabelId,
  ReplyId,
  MemberId,
  MessageId,
  TeamId,
} from '@fermata/base/ids'
import type { RouteName } from '@fermata/contract/routes'
import type { Answer } from '@fermata/contract/routes.schema'
import { mustAsk } from './asking.ts'
import type { Actor, Cast, Name } from './cast.ts'
import { newClientId } from './talkers.ts'

/** Something that only some may ever read, through whatever door. */
export interface Secret {
  readonly text: string
  readonly seenBy: readonly Name[]
}

/** Those who may see the inbox of the inside, and the visitor whose conversations the plays are about. */
export const inside: readonly Name[] = [
  'owner',
  'admin',
  'agentInside',
  'staffInside',
  'app',
  'visitor',
]

/** Those of them who work there. */
export const staff: readonly Name[] = ['owner', 'admin', 'agentInside', 'staffInside', 'app']

/** Everybody of the workspace who is no customer. */
export const workspace: readonly Name[] = [...staff, 'agentOutside']

/** Makes the things that a request is about, each with words that give away whoever lets them out. */
export class Play {
  readonly cast: Cast
  readonly secrets: Secret[]
  #count = 0
  /** The label of all conversations: a workspace has only so many. */
  #label: Promise<LabelId> | undefined

  constructor(cast: Cast) {
    this.cast = cast
    const visitors: readonly Name[] = ['visitor', 'otherVisitor']
    this.secrets = [
      { text: cast.contact, seenBy: [...workspace, 'visitor'] },
      { text: cast.otherContact, seenBy: [...workspace, 'otherVisitor'] },
      { text: cast.inbox, seenBy: [...staff, ...visitors] },
      { text: cast.key, seenBy: staff },
      { text: cast.team, seenBy: workspace },
      { text: '@inside.example', seenBy: workspace },
      { text: '@guest.example', seenBy: [...workspace, 'guest'] },
      { text: '@foreign.example', seenBy: ['foreignOwner', 'foreignApp'] },
      { text: 'Foreign inbox', seenBy: ['foreignOwner', 'foreignApp', 'foreignVisitor'] },
    ]
  }

  /** A word that stands nowhere else. */
  word(kind: string): string {
    this.#count += 1
    return `${kind}-word-${this.#count}-of-the-play`
  }

  /** Asks as one of the cast, who must succeed. */
  ask<N extends RouteName>(as: Name, request: string, body?: unknown): Promise<Answer<N>> {
    return mustAsk<N>(this.cast.url, request, this.cast.actors[as].credentials, body)
  }

  keep(text: string, seenBy: readonly Name[]): string {
    this.secrets.push({ text, seenBy })
    return text
  }

  /** The visitor writes to the inside, and an agent notes something. */
  async conversation(): Promise<ConversationId> {
    const subject = this.keep(this.word('subject'), inside)
    const opened = await this.ask<'conversations.open'>('visitor', 'POST /v1/conversations', {
      inbox: this.cast.inbox,
      subject,
      message: { client: newClientId(), text: this.keep(this.word('said'), inside) },
    })
    const { id } = opened.conversation
    this.keep(id, inside)
    this.keep(opened.message.id, inside)
    await this.say('agentInside', id, 'note')
    this.#label ??= this.label()
    await this.ask('owner', `PATCH /v1/conversations/${id}`, { labels: [await this.#label] })
    return id
  }

  /** Somebody says something in a conversation. */
  async say(
    as: Name,
    conversation: ConversationId,
    kind: 'reply' | 'note' = 'reply',
  ): Promise<MessageId> {
    const seenBy = kind === 'note' ? staff : inside
    const text = this.keep(this.word(kind), seenBy)
    const body = { client: newClientId(), kind, text }
    const path = `POST /v1/conversations/${conversation}/messages`
    const { message } = await this.ask<'messages.post'>(as, path, body)
    this.keep(message.id, seenBy)
    return message.id
  }

  /** A message of somebody in a conversation of its own. */
  async message(as: Name, kind: 'reply' | 'note' = 'reply'): Promise<MessageId> {
    return this.say(as, await this.conversation(), kind)
  }

  /** Somebody uploads something. */
  async upload(as: Name, content: Buffer): Promise<FileId> {
    const { url, actors } = this.cast
    const { credentials } = actors[as]
    const body = { name: this.word('file'), bytes: content.length }
    const { id } = await mustAsk<'uploads.add'>(url, 'POST /v1/uploads', credentials, body)
    const headers = { 'content-type': 'application/offset+octet-stream', 'upload-offset': '0' }
    await mustAsk(url, `PATCH /v1/uploads/${id}`, { ...credentials, ...headers }, content)
    return id
  }

  /** Somebody sends a file. */
  async file(
    as: Name,
    conversation: ConversationId,
    kind: 'reply' | 'note',
    content: Buffer,
  ): Promise<FileId> {
    const file = await this.upload(as, content)
    const body = { client: newClientId(), kind, text: '', files: [file] }
    await this.ask(as, `POST /v1/conversations/${conversation}/messages`, body)
    this.keep(file, kind === 'note' ? staff : inside)
    return file
  }

  async member(role = 'agent'): Promise<MemberId> {
    const name = this.word('member')
    const email = `${name}@inside.example`
    const body = { name, email, role, password: 'nobody will ever know' }
    return (await this.ask<'members.add'>('owner', 'POST /v1/members', body)).id
  }

  /** A label: a word of the workspace, for whoever reads conversations there. */
  async label(): Promise<LabelId> {
    const body = { name: this.keep(this.word('label'), [...workspace, 'guest']) }
    const { id } = await this.ask<'labels.add'>('owner', 'POST /v1/labels', body)
    return this.keep(id, [...workspace, 'guest']) as LabelId
  }

  /** A prepared reply of somebody's: shared, or their own. */
  async prepared(as: Name, shared: boolean): Promise<ReplyId> {
    const text = this.keep(this.word('prepared'), shared ? workspace : [as])
    const body = { title: 'Prepared', body: text, shared }
    return (await this.ask<'replies.add'>(as, 'POST /v1/replies', body)).id
  }

  async team(): Promise<TeamId> {
    const body = { name: this.keep(this.word('team'), workspace) }
    return (await this.ask<'teams.add'>('owner', 'POST /v1/teams', body)).id
  }

  /** How far the feed of the inside has come. */
  async position(): Promise<number> {
    return (await this.ask<'me.get'>('owner', 'GET /v1/me')).position
  }
}

/** What of its answer gives away more than somebody may know. What they said themselves does not count. */
export function leaks(
  secrets: readonly Secret[],
  actor: Actor,
  request: string,
  answer: string,
): string[] {
  return secrets
    .filter(({ text, seenBy }) => !seenBy.includes(actor.name) && !request.includes(text))
    .map(({ text }) => text)
    .filter((text) => answer.includes(text))
}
