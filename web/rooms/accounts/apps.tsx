import { KeyRound, Plus, RotateCcwKey } from 'lucide-react'
import { useCallback, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AppId } from '@fermata/base/ids'
import type { AppView } from '@fermata/contract/accounts.schema'
import { useSession } from '../../state/use-session.tsx'
import { tried } from '../../state/trouble.ts'
import { useTroubleText } from '../../state/use-trouble.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { dateText } from '../../ui/time/format.ts'
import { useNow } from '../../ui/time/now.tsx'
import { useShown } from '../../ui/time/time.tsx'
import { useNotices } from '../../ui/toast.tsx'
import { Tokens } from '../access/tokens.tsx'
import { NoThings, PageHead, Thing, Things } from '../settings/page.tsx'
import { NewApp } from './new-app.tsx'

/** Programs that use the API. */
export function Apps() {
  const { t } = useTranslation()
  const { client } = useSession()
  const notices = useNotices()
  const troubleText = useTroubleText()
  const [apps, setApps] = useState<readonly AppView[] | null>(null)
  const [isAdding, setAdding] = useState(false)
  const [managing, setManaging] = useState<AppId | null>(null)
  const load = useCallback(async () => {
    const result = await tried(() => client.apps.list())
    if (result.ok) setApps(result.value.rows)
    else notices.say({ kind: 'failed', text: troubleText(result.refusal) })
  }, [client, notices, troubleText])
  useEffect(() => void load(), [load])
  const remove = async (app: AppView): Promise<void> => {
    const result = await tried(() => client.apps.remove({ params: { app: app.id } }))
    if (result.ok) notices.say({ text: t('accounts.apps.removed', { name: app.name }) })
    else notices.say({ kind: 'failed', text: troubleText(result.refusal) })
    await load()
  }
  return (
    <>
      <PageHead title={t('accounts.apps.title')} lead={t('accounts.apps.lead')}>
        <Button icon={Plus} onPress={() => setAdding(true)}>
          {t('accounts.apps.add')}
        </Button>
      </PageHead>
      {apps?.length === 0 && <NoThings>{t('accounts.apps.none')}</NoThings>}
      {apps !== null && apps.length > 0 && (
        <Things>
          {apps.map((app) => (
            <App
              key={app.id}
              app={app}
              onManage={() => setManaging(app.id)}
              onRemove={() => void remove(app)}
            />
          ))}
        </Things>
      )}
      <Tokens
        app={apps?.find(({ id }) => id === managing) ?? null}
        onClose={() => setManaging(null)}
        onChanged={() => void load()}
      />
      <NewApp isOpen={isAdding} onClose={() => setAdding(false)} onAdded={() => void load()} />
    </>
  )
}

/** A program. A token that was removed is void at once and for ever, so it takes two presses. */
function App(props: { app: AppView; onManage: () => void; onRemove: () => void }) {
  const { app } = props
  const { t } = useTranslation()
  const shown = useShown()
  const now = useNow()
  const [isSure, setSure] = useState(false)
  return (
    <Thing
      icon={<KeyRound aria-hidden size={16} className="shrink-0 text-soft" />}
      title={app.name}
      text={app.scopes.map((scope) => t(`accounts.apps.scope.${scope}`)).join(', ')}
    >
      <span className="figures text-soft">
        {t('accounts.apps.added', { date: dateText(app.createdAt, now, shown) })}
      </span>
      <IconButton
        icon={RotateCcwKey}
        label={t('access.tokens.manage', { name: app.name })}
        onPress={props.onManage}
      />
      {isSure ? (
        <Button onPress={props.onRemove} onBlur={() => setSure(false)} autoFocus>
          {t('accounts.apps.removeSurely')}
        </Button>
      ) : (
        <Button kind="quiet" onPress={() => setSure(true)}>
          {t('accounts.apps.remove')}
        </Button>
      )}
    </Thing>
  )
}
