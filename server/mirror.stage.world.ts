import assert from 'node:assert/strict'
import type {
  ChannelId,
  ConversationId,
  InboxId,
  MessageId,
  RoleId,
  TeamId,
} from '@fermata/base/ids'
import type { AppActor, ContactActor, MemberActor } from '@fermata/contract/actors'
import { agent, fetchAll, visitor, type RoomsWorld, type Viewer } from './rooms.world.ts'

/** The people and things that the actions are done by and to. */
export interface Stage {
  readonly world: RoomsWorld
  readonly owner: MemberActor
  /** An agent in the team of the second inbox. */
  ana: MemberActor
  /** Somebody with a role of the workspace's own. */
  readonly rita: MemberActor
  readonly role: RoleId
  /** A guest, put into the team now and then. */
  readonly gus: MemberActor
  /** An agent in no team. */
  readonly ben: MemberActor
  readonly app: AppActor
  readonly vera: ContactActor
  readonly site: InboxId
  readonly siteKey: string
  readonly orders: InboxId
  readonly team: TeamId
  /** A public channel of Ana's, and a private one of hers and the owner's. */
  readonly hall: ChannelId
  readonly den: ChannelId
  readonly topic: ConversationId
  readonly direct: ConversationId
  readonly conversation: ConversationId
  readonly message: MessageId
  readonly note: MessageId
}

/** Puts them into a workspace that is new. */
export async function setStage(world: RoomsWorld): Promise<Stage> {
  const { call, owner } = world
  const [site] = (await call('inboxes.list', owner, {})).rows
  assert.ok(site !== undefined)
  const ana = await agent(world, 'Ana')
  const ben = await agent(world, 'Ben')
  const gus = await agent(world, 'Gus', 'guest')
  const { id: role } = await call('roles.add', owner, {
    body: { name: 'Reader', permissions: ['conversations:read', 'feed:read'] },
  })
  const rita = await agent(world, 'Rita', role)
  const team = await call('teams.add', owner, { body: { name: 'Support' } })
  await call('teams.join', owner, { params: { team: team.id, member: ana.id } })
  const orders = await call('inboxes.add', owner, {
    body: { name: 'Orders', medium: 'api', team: team.id },
  })
  const scopes = [
    'conversations:read',
    'conversations:write',
    'contacts:read',
    'contacts:write',
    'inboxes:read',
    'feed:read',
  ] as const
  const made = await call('apps.add', owner, { body: { name: 'bot', scopes: [...scopes] } })
  const app = await world.rooms.authenticate({ cookie: null, bearer: made.token })
  assert.ok(app?.kind === 'app')
  const vera = await visitor(world, site.key)
  const opened = await call('conversations.open', vera, {
    body: { inbox: site.id, message: { client: world.newClient(), text: 'The chain came off.' } },
  })
  const params = { conversation: opened.conversation.id }
  const noted = await call('messages.post', ana, {
    params,
    body: { client: world.newClient(), kind: 'note', text: 'She wrote last year, too.' },
  })
  for (const inbox of [site.id, orders.id]) {
    const message = { client: world.newClient(), text: 'Your order is on its way.' }
    await call('conversations.open', app, { body: { inbox, contact: vera.id, message } })
  }
  const floor = await setFloor(world, { ana, ben })
  return {
    ...floor,
    ...{ world, owner, ana, ben, gus, rita, role, app, vera, team: team.id },
    ...{ site: site.id, siteKey: site.key, orders: orders.id },
    ...{ conversation: opened.conversation.id, message: opened.message.id, note: noted.message.id },
  }
}

/** What members have among themselves: two channels, and a direct conversation. */
async function setFloor(
  { call, owner, newClient }: RoomsWorld,
  { ana, ben }: { readonly ana: MemberActor; readonly ben: MemberActor },
): Promise<Pick<Stage, 'hall' | 'den' | 'topic' | 'direct'>> {
  const hall = await call('channels.add', ana, { body: { name: 'Hall' } })
  const den = await call('channels.add', ana, { body: { name: 'Den', visibility: 'private' } })
  await call('channels.join', ana, { params: { channel: den.id, member: owner.id } })
  const message = () => ({ client: newClient(), text: 'Between us.' })
  const body = { subject: 'Plans', message: message() }
  const { conversation } = await call('channels.open', ana, { params: { channel: den.id }, body })
  const direct = await call('directs.open', ana, { body: { members: [ben.id] } })
  const params = { conversation: direct.conversation.id }
  await call('messages.post', ana, { params, body: message() })
  return { hall: hall.id, den: den.id, topic: conversation.id, direct: params.conversation }
}

/** One of each kind of those who watch, with what a first fetch showed them. */
export async function audience(stage: Stage): Promise<Viewer[]> {
  const { world, owner, ana, ben, gus, rita, app, vera } = stage
  const viktor = await visitor(world, stage.siteKey)
  const callers = { owner, ana, ben, gus, rita, app, vera, viktor }
  const viewers: Viewer[] = []
  for (const [name, caller] of Object.entries(callers)) {
    viewers.push({ name, caller, state: await fetchAll(world, caller) })
  }
  return viewers
}
