import { lazy, Suspense, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useStage } from '../state/use-entering.tsx'
import { SessionProvider } from '../state/use-session.tsx'
import type { Session } from '../state/session.ts'
import type { LinkKind } from '../rooms/access/link.tsx'
import { Mark } from '../ui/mark.tsx'
import { App } from './app.tsx'

const SignIn = lazy(async () => ({
  default: (await import('../rooms/accounts/sign-in.tsx')).SignIn,
}))
const Setup = lazy(async () => ({ default: (await import('../rooms/accounts/setup.tsx')).Setup }))

const Join = lazy(async () => ({ default: (await import('../rooms/access/join.tsx')).Join }))
const Reset = lazy(async () => ({ default: (await import('../rooms/access/reset.tsx')).Reset }))

/** The link that somebody followed. Its token stands behind the #, so that it is sent to nobody by following it. */
function linkInAddress(): { kind: LinkKind; token: string } | null {
  const kind = location.pathname.slice(1)
  const token = new URLSearchParams(location.hash.slice(1)).get('token')
  return (kind === 'join' || kind === 'reset') && token !== null ? { kind, token } : null
}

/** Lets in whoever is signed in, and shows everybody else the door. */
export function Gate() {
  const stage = useStage()
  const { t } = useTranslation()
  const [link, setLink] = useState(linkInAddress)
  useEffect(() => {
    if (stage.is === 'signIn') document.title = `${t('accounts.signIn.title')} · Fermata`
  }, [stage, t])
  if (link !== null) {
    const done = (): void => {
      history.replaceState(null, '', '/')
      setLink(null)
    }
    const Page = link.kind === 'join' ? Join : Reset
    return (
      <Suspense>
        <Page token={link.token} onDone={done} />
      </Suspense>
    )
  }
  switch (stage.is) {
    case 'opening':
      return <Opening text={null} />
    case 'unreachable':
      return <Opening text={t('app.errors.unreachable')} />
    case 'setup':
      return (
        <Suspense>
          <Setup />
        </Suspense>
      )
    case 'signIn':
      return (
        <Suspense>
          <SignIn why={stage.why} />
        </Suspense>
      )
    case 'in':
      return <AtWork session={stage.session} />
  }
}

/** What is there before anything is known: nearly nothing, for it lasts a moment. */
function Opening(props: { text: string | null }) {
  return (
    <main className="flex h-full flex-col items-center justify-center gap-4">
      <span className="breathing">
        <Mark size={40} />
      </span>
      <p role="status" className="min-h-5 text-soft">
        {props.text}
      </p>
    </main>
  )
}

/** The session, woken whenever the network or the page comes back. */
function AtWork(props: { session: Session }) {
  const { session } = props
  useEffect(() => {
    const wake = (): void => session.store.wake()
    const seen = (): void => (document.visibilityState === 'visible' ? wake() : session.keep())
    window.addEventListener('online', wake)
    window.addEventListener('focus', wake)
    window.addEventListener('pagehide', session.keep)
    document.addEventListener('visibilitychange', seen)
    return () => {
      window.removeEventListener('online', wake)
      window.removeEventListener('focus', wake)
      window.removeEventListener('pagehide', session.keep)
      document.removeEventListener('visibilitychange', seen)
    }
  }, [session])
  return (
    <SessionProvider key={session.getModel().me?.member?.id} value={session}>
      <App />
    </SessionProvider>
  )
}
