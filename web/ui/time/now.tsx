import type { Clock } from '@fermata/base/clock'
import { createContext, use, useState, useSyncExternalStore, type ReactNode } from 'react'
import { present } from '@fermata/base/assert'
import { useEnvironment } from '../environment.tsx'

/** The present time, which everybody who shows an age hears of at the same moments. */
interface Ticker {
  subscribe(hear: () => void): () => void
  now(): number
}

/** How often ages on the screen are brought up to date. */
const tickMs = 15_000

function ticker(clock: Clock): Ticker {
  const listeners = new Set<() => void>()
  let now = clock.now()
  let stop: (() => void) | undefined
  const tick = (): void => {
    now = clock.now()
    stop = clock.after(tickMs, tick)
    for (const hear of listeners) hear()
  }
  return {
    subscribe(hear) {
      if (listeners.size === 0) stop = clock.after(tickMs, tick)
      listeners.add(hear)
      return () => {
        listeners.delete(hear)
        if (listeners.size === 0) stop?.()
      }
    },
    now: () => now,
  }
}

const TickerContext = createContext<Ticker | null>(null)

/** Lets everything below know what time it is. */
export function NowProvider(props: { children: ReactNode }) {
  const { clock } = useEnvironment()
  const [value] = useState(() => ticker(clock))
  return <TickerContext value={value}>{props.children}</TickerContext>
}

/** The present time in milliseconds since the epoch, at most a quarter of a minute old. */
export function useNow(): number {
  const { subscribe, now } = present(use(TickerContext), 'the ticker')
  return useSyncExternalStore(subscribe, now)
}
