import { MonitorSmartphone } from 'lucide-react'
import { useCallback, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SessionId } from '@fermata/base/ids'
import type { SessionView } from '@fermata/contract/accounts.schema'
import { useSession } from '../../state/use-session.tsx'
import { tried } from '../../state/trouble.ts'
import { useTroubleText } from '../../state/use-trouble.ts'
import { Button } from '../../ui/button.tsx'
import { useMoment } from '../../ui/time/time.tsx'
import { useNotices } from '../../ui/toast.tsx'
import { PageHead, Thing, Things } from '../settings/page.tsx'
import { browserName } from './browser-name.ts'

/** Where I am signed in. */
export function Sessions() {
  const { t } = useTranslation()
  const { client } = useSession()
  const notices = useNotices()
  const troubleText = useTroubleText()
  const moment = useMoment()
  const [sessions, setSessions] = useState<readonly SessionView[]>([])
  const load = useCallback(async () => {
    const result = await tried(() => client.sessions.list())
    if (result.ok) setSessions(result.value.rows)
    else notices.say({ kind: 'failed', text: troubleText(result.refusal) })
  }, [client, notices, troubleText])
  useEffect(() => void load(), [load])
  const end = async (session: SessionId): Promise<void> => {
    const result = await tried(() => client.sessions.end({ params: { session } }))
    if (result.ok) notices.say({ text: t('accounts.sessions.ended') })
    else notices.say({ kind: 'failed', text: troubleText(result.refusal) })
    await load()
  }
  return (
    <>
      <PageHead title={t('accounts.sessions.title')} lead={t('accounts.sessions.lead')} />
      <Things>
        {sessions.map((session) => {
          const { browser, system } = browserName(session.agent)
          const isKnown = browser !== '' && system !== ''
          return (
            <Thing
              key={session.id}
              icon={<MonitorSmartphone aria-hidden size={16} className="shrink-0 text-soft" />}
              title={
                isKnown
                  ? t('accounts.sessions.on', { browser, system })
                  : t('accounts.sessions.unknown')
              }
              text={
                <span className="figures" title={session.agent}>
                  {t('accounts.sessions.since', { date: moment(session.createdAt) })}
                </span>
              }
            >
              {session.current ? (
                <span className="text-soft">{t('accounts.sessions.current')}</span>
              ) : (
                <Button onPress={() => void end(session.id)}>{t('accounts.sessions.end')}</Button>
              )}
            </Thing>
          )
        })}
      </Things>
    </>
  )
}
