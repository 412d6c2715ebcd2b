import type { Clock } from '@fermata/base/clock'
import { createContext } from 'preact'
import { useContext, useEffect, useState } from 'preact/hooks'
import { present } from '@fermata/base/assert'
import type { Store } from '@fermata/sdk/store'
import type { Uploads } from '@fermata/sdk/uploads'
import type { Readable } from '../cell.ts'
import type { Session } from '../session.ts'
import type { Place } from '../times.ts'
import type { Say } from '../words.ts'

/** What every part of the screen may use. */
export interface Surround {
  readonly session: Session
  readonly store: Store
  /** Files on their way, before the messages that will carry them are sent. */
  readonly uploads: Uploads
  readonly say: Say
  readonly place: Place
  readonly clock: Clock
  /** Hides the panel. */
  readonly close: () => void
}

export const SurroundContext = createContext<Surround | null>(null)

export function useSurround(): Surround {
  return present(useContext(SurroundContext), 'the surroundings of a view')
}

/** The current state of something that changes. */
export function useReadable<T>(source: Readable<T>): T {
  const [state, setState] = useState(() => source.getState())
  useEffect(() => {
    // It may have changed between drawing and subscribing.
    setState(() => source.getState())
    return source.subscribe(() => setState(() => source.getState()))
  }, [source])
  return state
}

const tickMs = 20_000

/** The time, told again often enough for minutes to be right. */
export function useNow(clock: Clock): number {
  const [now, setNow] = useState(() => clock.now())
  useEffect(
    () =>
      clock.after(tickMs, () => {
        setNow(clock.now())
      }),
    [clock, now],
  )
  return now
}
