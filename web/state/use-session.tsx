import {
  createContext,
  use,
  useCallback,
  useEffect,
  useSyncExternalStore,
  type ReactNode,
} from 'react'
import { present } from '@fermata/base/assert'
import type { ConversationId, InboxId, MemberId } from '@fermata/base/ids'
import type { Permission } from '@fermata/contract/permissions'
import type { MeView } from '@fermata/contract/accounts.schema'
import { windowName, type Thread, type Window, type WindowKey } from '@fermata/contract/state'
import type { Counts, Load, Model } from '@fermata/sdk/store'
import type { Session } from './session.ts'

const SessionContext = createContext<Session | null>(null)

/** Hands a session to everything below. */
export function SessionProvider(props: { value: Session; children: ReactNode }) {
  return <SessionContext value={props.value}>{props.children}</SessionContext>
}

/** The session that this screen belongs to. */
export function useSession(): Session {
  return present(use(SessionContext), 'the session')
}

/**
 * A part of the model, and a new rendering whenever that part changes. `select` must answer the same
 * object as long as nothing changed: pick, do not build.
 */
export function useModel<T>(select: (model: Model) => T): T {
  const { getModel, subscribe } = useSession()
  return useSyncExternalStore(subscribe, () => select(getModel()))
}

/** Who I am. */
export function useMe(): MeView {
  return present(
    useModel((model) => model.me),
    'who I am',
  )
}

/** My id as a member. */
export function useMyId(): MemberId {
  return present(useMe().member, 'the member that I am').id
}

/** What I am allowed. */
export function usePermissions(): readonly Permission[] {
  return useMe().permissions
}

/** Whether I am allowed something; the server decides it again with every request. */
export function useMay(permission: Permission): boolean {
  return usePermissions().includes(permission)
}

/** A list, kept loaded and fresh as long as it is shown. */
export function useWindow(key: WindowKey): { window: Window | undefined; load: Load | undefined } {
  const { store } = useSession()
  const { list, inbox, contact } = key
  useEffect(() => store.showWindow({ list, inbox, contact }), [store, list, inbox, contact])
  const name = windowName(key)
  return {
    window: useModel((model) => model.state.windows[name]),
    load: useModel((model) => model.loads[name]),
  }
}

/** The messages of a conversation, kept loaded and fresh as long as they are shown. */
export function useThread(id: ConversationId): {
  thread: Thread | undefined
  load: Load | undefined
} {
  const { store } = useSession()
  useEffect(() => store.showThread(id), [store, id])
  return {
    thread: useModel((model) => model.state.threads[id]),
    load: useModel((model) => model.loads[id]),
  }
}

/** How many conversations each list holds, kept fresh as long as it is shown. */
export function useCounts(inbox: InboxId | null): Counts | undefined {
  const { store } = useSession()
  useEffect(() => store.showCounts(inbox), [store, inbox])
  return useModel((model) => model.counts[inbox ?? '*'])
}

/** Calls with the present model, without rendering anew when it changes. */
export function useAskModel(): () => Model {
  const session = useSession()
  return useCallback(() => session.getModel(), [session])
}
