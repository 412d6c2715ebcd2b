import type { Clock } from '@fermata/base/clock'
import type { MeView } from '@fermata/contract/accounts.schema'
import type { Client } from '@fermata/sdk/client'
import type { Keeping } from './keeping.ts'
import { openSession, type Session } from './session.ts'
import { snapshotForm, type Snapshot } from './snapshot.ts'
import { tried } from './trouble.ts'

/** Where somebody stands between opening the page and being at work. */
export type Stage =
  | { readonly is: 'opening' }
  | { readonly is: 'unreachable' }
  | { readonly is: 'setup' }
  | { readonly is: 'signIn'; readonly why: 'ended' | 'offlineSignOut' | null }
  | { readonly is: 'in'; readonly session: Session }

/** The way in and out, as a screen shows it. */
export interface Entering {
  getStage(): Stage
  subscribe(listener: () => void): () => void
  /** Finds out who is here. */
  begin(options: { wantsSetup: boolean }): Promise<void>
  /** Somebody has signed in. */
  enter(me: MeView): Promise<void>
  /** Signs out and forgets everything that this browser kept. */
  leave(): Promise<void>
}

/** How long after a server that could not be reached is asked again, in milliseconds. */
const againMs = 3_000

/** Makes the way in. `wipe` forgets what is kept outside `keeping`: caches and drafts. */
export function createEntering(options: {
  client: Client
  clock: Clock
  keeping: Keeping
  wipe: () => Promise<void>
}): Entering {
  const { client, clock, keeping, wipe } = options
  const listeners = new Set<() => void>()
  let stage: Stage = { is: 'opening' }

  const show = (next: Stage): void => {
    stage = next
    for (const hear of listeners) hear()
  }
  const work = (me: MeView, snapshot: Snapshot | null): void => {
    const session = openSession({ client, me, snapshot, keeping, clock })
    session.subscribe(() => watch(session, me))
    show({ is: 'in', session })
  }
  /** Leaves when the session has ended, and begins anew when somebody else has signed in beside it. */
  const watch = (session: Session, me: MeView): void => {
    if (stage.is !== 'in' || stage.session !== session) return
    const { ended, me: told } = session.store.getState()
    if (ended !== null) {
      session.stop()
      show({ is: 'signIn', why: 'ended' })
    } else if (told !== null && told.member?.id !== me.member?.id) {
      session.stop()
      void enter(told)
    }
  }
  const enter = async (me: MeView): Promise<void> => {
    if (stage.is === 'in') stage.session.stop()
    await keeping.forgetOthers(me)
    const snapshot = await fitting()
    work(me, snapshot?.me.member?.id === me.member?.id ? snapshot : null)
  }
  const fitting = async (): Promise<Snapshot | null> => {
    const snapshot = await keeping.lastSnapshot()
    return snapshot?.form === snapshotForm ? snapshot : null
  }
  const askWho = async (): Promise<void> => {
    const me = await tried(() => client.me.get({}, { retry: false }))
    if (me.ok && me.value.member !== null) return enter(me.value)
    if (!me.ok && me.refusal.code !== 'not_signed_in') {
      show({ is: 'unreachable' })
      clock.after(againMs, () => void askWho())
      return
    }
    const setup = await tried(() => client.setup.get())
    show(setup.ok && setup.value.open ? { is: 'setup' } : { is: 'signIn', why: null })
  }

  return {
    getStage: () => stage,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async begin({ wantsSetup }) {
      const snapshot = wantsSetup ? null : await fitting()
      if (snapshot === null) await askWho()
      else work(snapshot.me, snapshot)
    },
    enter,
    async leave() {
      if (stage.is !== 'in') return
      const { session } = stage
      const params = { session: 'current' } as const
      const ended = await tried(() => client.sessions.end({ params }, { retry: false }))
      session.stop()
      await keeping.wipe()
      await wipe()
      show({ is: 'signIn', why: ended.ok ? null : 'offlineSignOut' })
    },
  }
}
