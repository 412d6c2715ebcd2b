import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AppView } from '@fermata/contract/accounts.schema'
import { useSession } from '../../state/use-session.tsx'
import { useSubmission } from '../../state/use-trouble.ts'
import { Button } from '../../ui/button.tsx'
import { CopyBlock } from '../../ui/copy.tsx'
import { Dialog, DialogBody } from '../../ui/dialog.tsx'
import { Form } from '../../ui/form.tsx'
import { Select } from '../../ui/select.tsx'
import { useNow } from '../../ui/time/now.tsx'
import { useMoment } from '../../ui/time/time.tsx'
import { Thing, Things } from '../settings/page.tsx'
import { useAct } from './use-loaded.ts'

const overlaps = { now: 0, hour: 3_600_000, day: 24 * 3_600_000, week: 7 * 24 * 3_600_000 }
type Overlap = keyof typeof overlaps

/** The tokens of an app: a new one takes the place of the others after a while. */
export function Tokens(props: { app: AppView | null; onClose: () => void; onChanged: () => void }) {
  const { app, onClose, onChanged } = props
  const { t } = useTranslation()
  return (
    <Dialog
      title={t('access.tokens.manage', { name: app?.name ?? '' })}
      isOpen={app !== null}
      onClose={onClose}
    >
      <DialogBody>
        {app !== null && <TokensOf key={app.id} app={app} onChanged={onChanged} />}
      </DialogBody>
    </Dialog>
  )
}

function TokensOf({ app, onChanged }: { app: AppView; onChanged: () => void }) {
  const { t } = useTranslation()
  const { client } = useSession()
  const act = useAct()
  const moment = useMoment()
  const now = useNow()
  const [overlap, setOverlap] = useState<Overlap>('day')
  const [token, setToken] = useState<string | null>(null)
  const params = { app: app.id }
  const sending = useSubmission([], () =>
    client.apps.addToken({ params, body: { overlapMs: overlaps[overlap] } }),
  )
  const add = async (): Promise<void> => {
    const result = await sending.submit()
    if (result?.ok !== true) return
    setToken(result.value.token)
    onChanged()
  }
  const revoke = async (id: AppView['tokens'][number]['id']): Promise<void> => {
    const call = () => client.apps.removeToken({ params: { ...params, token: id } })
    if (await act(call, t('access.tokens.revoked'))) onChanged()
  }
  const held = app.tokens.filter(({ expiresAt }) => expiresAt === null || expiresAt > now)
  return (
    <>
      <p className="text-soft">{t('access.tokens.lead')}</p>
      <Things>
        {held.map(({ id, createdAt, expiresAt }) => (
          <Thing
            key={id}
            title={t('access.tokens.held', { date: moment(createdAt) })}
            {...(expiresAt === null
              ? {}
              : { text: t('access.tokens.until', { date: moment(expiresAt) }) })}
          >
            <Button kind="quiet" onPress={() => void revoke(id)}>
              {t('access.tokens.revoke')}
            </Button>
          </Thing>
        ))}
      </Things>
      {token === null ? (
        <Form onSubmit={() => void add()} faults={sending.faults} fault={sending.fault}>
          <Select<Overlap>
            label={t('access.tokens.overlap')}
            value={overlap}
            onChange={setOverlap}
            options={(Object.keys(overlaps) as Overlap[]).map((id) => ({
              id,
              text: t(`access.tokens.${id}`),
            }))}
          />
          <div className="flex justify-end">
            <Button type="submit" kind="primary" isPending={sending.isPending}>
              {t('access.tokens.add')}
            </Button>
          </div>
        </Form>
      ) : (
        <>
          <p>{t('accounts.apps.tokenOnce')}</p>
          <CopyBlock label={t('accounts.apps.token')} text={token} />
        </>
      )}
    </>
  )
}
