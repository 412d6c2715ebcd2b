import type { ConversationRow } from '@fermata/contract/conversations.schema'
import { createStore, type Model, type Store } from '@fermata/sdk/store'
import { whenAwake } from './awake.ts'
import { unreadIn } from './quiet.ts'
import type { Session } from './session.ts'

/** All conversations of this visitor: the one window that the frame looks at. */
export const everything = { list: 'all', inbox: null, contact: null } as const

/** How many messages of all conversations have not been read. */
export function unreadCount({ state }: Pick<Model, 'state'>): number {
  const rows = Object.values(state.rows).filter((row): row is ConversationRow => row !== undefined)
  return unreadIn(rows, (id) => state.mine[id])
}

/** The live conversations of a session: followed from the moment there is a visitor. */
export function followLive(session: Session, unread: (count: number) => void): Store {
  const store = createStore({ client: session.client, outbox: session.outbox })
  let started = false
  const look = (): void => {
    if (started || !session.facts.getState().met) return
    started = true
    store.showWindow(everything)
    store.start()
  }
  store.subscribe(() => {
    const model = store.getState()
    if (model.ended?.code === 'not_signed_in') session.lost()
    else if (model.me !== null) unread(unreadCount(model))
  })
  session.facts.subscribe(look)
  whenAwake(() => store.wake())
  look()
  return store
}
