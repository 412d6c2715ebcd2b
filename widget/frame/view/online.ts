import type { Clock } from '@fermata/base/clock'
import type { Model } from '@fermata/sdk/store'
import { useEffect, useState } from 'preact/hooks'
import type { Facts } from '../facts.ts'

/** A gap shorter than this is nobody's business. */
const patienceMs = 2_000

function useOnline(): boolean {
  const [online, setOnline] = useState(() => navigator.onLine)
  useEffect(() => {
    const look = (): void => setOnline(navigator.onLine)
    window.addEventListener('online', look)
    window.addEventListener('offline', look)
    return () => {
      window.removeEventListener('online', look)
      window.removeEventListener('offline', look)
    }
  }, [])
  return online
}

/** Whether the connection has been missing for a moment. */
export function useCut(facts: Facts, model: Model, clock: Clock): boolean {
  const online = useOnline()
  const cut = !online || (facts.met && model.feed !== 'live')
  const [told, tell] = useState(false)
  useEffect(() => {
    if (cut) return clock.after(patienceMs, () => tell(true))
    tell(false)
    return undefined
  }, [cut, clock])
  return cut && told
}
