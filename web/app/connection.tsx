import { CloudOff } from 'lucide-react'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import { useModel } from '../state/use-session.tsx'
import { useEnvironment } from '../ui/environment.tsx'

/** A connection that is back within this time was never worth a word, in milliseconds. */
const silentMs = 2_500

function subscribe(hear: () => void): () => void {
  window.addEventListener('online', hear)
  window.addEventListener('offline', hear)
  return () => {
    window.removeEventListener('online', hear)
    window.removeEventListener('offline', hear)
  }
}

/** A quiet line while the server cannot be reached. It is read aloud when it comes, and leaves silently. */
export function ConnectionLine() {
  const { t } = useTranslation()
  const { clock } = useEnvironment()
  const feed = useModel((model) => model.feed)
  // The browser knows of a network that is gone long before a silent connection is given up.
  const hasNetwork = useSyncExternalStore(subscribe, () => navigator.onLine)
  const isLive = hasNetwork && (feed === 'live' || feed === 'ended')
  const [isLong, setLong] = useState(false)
  useEffect(() => {
    if (isLive) return setLong(false)
    return clock.after(silentMs, () => setLong(true))
  }, [clock, isLive])
  const isOffline = !hasNetwork || feed === 'waiting'
  return (
    <div role="status">
      {isLong && !isLive && (
        <p className="flex items-center justify-center gap-2 border-b border-line bg-press px-4 py-1 text-small">
          <CloudOff aria-hidden size={14} className="shrink-0" />
          {t(isOffline ? 'app.connection.offline' : 'app.connection.reconnecting')}
        </p>
      )}
    </div>
  )
}
