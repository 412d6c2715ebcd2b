import type { Model } from '@fermata/sdk/store'
import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { Facts } from '../facts.ts'
import { useSurround } from './context.ts'
import { Icon } from './icons.tsx'

/** A gap shorter than this is nobody's business. */
const patienceMs = 2_000

/** Says that there is no connection, once it has been missing for a moment. */
export function ConnectionLine({ facts, model }: { facts: Facts; model: Model }): JSX.Element {
  const { say, clock } = useSurround()
  const online = useOnline()
  const cut =
    !online || (facts.met ? model.feed === 'waiting' || model.feed === 'connecting' : false)
  const [told, tell] = useState(false)
  useEffect(() => {
    if (cut) return clock.after(patienceMs, () => tell(true))
    tell(false)
    return undefined
  }, [cut, clock])
  const waits = Object.values(model.pending).some((lane) => (lane?.length ?? 0) > 0)
  const text = online && !waits && model.feed === 'connecting' ? say('connecting') : say('offline')
  return (
    <output class="line">
      {cut && told && (
        <p>
          <Icon name="cloudOff" small />
          {text}
        </p>
      )}
    </output>
  )
}

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
