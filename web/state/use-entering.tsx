import { createContext, use, useSyncExternalStore, type ReactNode } from 'react'
import { present } from '@fermata/base/assert'
import type { Client } from '@fermata/sdk/client'
import type { Entering, Stage } from './entering.ts'

interface Door {
  readonly entering: Entering
  readonly client: Client
}

const DoorContext = createContext<Door | null>(null)

/** Hands the way in to everything below. */
export function DoorProvider(props: { value: Door; children: ReactNode }) {
  return <DoorContext value={props.value}>{props.children}</DoorContext>
}

/** The way in and out, and the client that may be used before anybody is in. */
export function useDoor(): Door {
  return present(use(DoorContext), 'the way in')
}

/** Where somebody stands between opening the page and being at work. */
export function useStage(): Stage {
  const { entering } = useDoor()
  return useSyncExternalStore(entering.subscribe, entering.getStage)
}
