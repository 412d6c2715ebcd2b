import assert from 'node:assert/strict'
import type { ConversationId, InboxId } from '@fermata/base/ids'
import {
  scopes,
  type AppActor,
  type Caller,
  type ContactActor,
  type MemberActor,
} from '@fermata/contract/actors'
import type { ConversationRow } from '@fermata/contract/conversations.schema'
import type { OpenRooms } from './rooms.grounds.world.ts'
import { agent, deskRow, visitor, type RoomsWorld } from './rooms.world.ts'

/** People and a bot who work one inbox, and a customer who writes there. */
export interface Desk {
  readonly world: RoomsWorld
  readonly owner: MemberActor
  readonly ada: MemberActor
  readonly ben: MemberActor
  readonly bot: AppActor
  /** The customer. */
  readonly vera: ContactActor
  readonly site: InboxId
  /** A customer writes; answers what they began. */
  written(text?: string): Promise<ConversationId>
}

/** Opens a desk over an empty database. */
export async function openDesk(open: OpenRooms): Promise<Desk> {
  const world = await open()
  const { call, owner } = world
  const [site] = (await call('inboxes.list', owner, {})).rows
  assert.ok(site)
  const body = { name: 'bot', scopes: [...scopes] }
  const made = await call('apps.add', owner, { body })
  const bot = await world.rooms.authenticate({ cookie: null, bearer: made.token })
  assert.ok(bot?.kind === 'app')
  const vera = await visitor(world, site.key)
  const [ada, ben] = [await agent(world, 'Ada'), await agent(world, 'Ben')]
  return {
    ...{ world, owner, ada, ben, bot, vera, site: site.id },
    async written(text = 'The chain came off.') {
      const message = { client: world.newClient(), text }
      const opened = await call('conversations.open', vera, { body: { inbox: site.id, message } })
      return opened.conversation.id
    },
  }
}

/** Takes the refusal with a code, and with the name of whoever holds the thing. */
export function refusedWith(code: string, name?: string) {
  return (error: unknown): boolean => {
    assert.ok(error instanceof Error && error.name === 'Refused', String(error))
    assert.match(error.message, new RegExp(`"${code}"`))
    if (name !== undefined) assert.match(error.message, new RegExp(`"name":"${name}"`))
    return true
  }
}

/** Somebody says something in a conversation. */
export async function say(
  { world }: Desk,
  caller: Caller,
  conversation: ConversationId,
  how: { text?: string; kind?: 'note'; token?: number; client?: string } = {},
) {
  const { text = 'It is done.', client = world.newClient(), ...rest } = how
  const params = { conversation }
  const body = { text, client, ...rest }
  const said = await world.call('messages.post', caller, { params, body })
  return { ...said, conversation: deskRow(said.conversation) }
}

/** A conversation as the owner sees it. */
export async function look(
  { world, owner }: Desk,
  conversation: ConversationId,
): Promise<ConversationRow> {
  const whole = await world.call('conversations.get', owner, { params: { conversation } })
  return deskRow(whole.conversation)
}

/** Who held it, and why it began and ended; the newest first. */
export async function endings({ world, owner }: Desk, conversation: ConversationId) {
  const { holdings } = await world.call('leases.list', owner, { params: { conversation } })
  return holdings.map(({ holder, began, ended }) => [holder.name, began.why, ended?.why ?? null])
}
