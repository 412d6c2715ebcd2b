import { createContext, use, useEffect, useMemo, type ReactNode } from 'react'
import { present } from '@fermata/base/assert'
import { useMyId, useSession } from '../../state/use-session.tsx'
import { useEnvironment } from '../../ui/environment.tsx'
import { createIntents, intentsPrefix, type Intents } from './intents.ts'

const IntentsContext = createContext<Intents | null>(null)

/** Carries out what was decided earlier, on this page or on one that is gone. */
export function IntentsProvider(props: { children: ReactNode }) {
  const { client, outbox } = useSession()
  const { clock } = useEnvironment()
  const me = useMyId()
  const intents = useMemo(
    () => createIntents({ client, outbox, clock, storage: localStorage, key: intentsPrefix + me }),
    [client, outbox, clock, me],
  )
  useEffect(() => {
    intents.start()
    return () => intents.stop()
  }, [intents])
  return <IntentsContext value={intents}>{props.children}</IntentsContext>
}

/** The intents of whoever is signed in. */
export function useIntents(): Intents {
  return present(use(IntentsContext), 'the intents')
}
