import { KeyRound, Mail } from 'lucide-react'
import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LetterView } from '@fermata/contract/accounts.schema'
import { tried } from '../../state/trouble.ts'
import { useSession } from '../../state/use-session.tsx'
import { useTroubleText } from '../../state/use-trouble.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogBody } from '../../ui/dialog.tsx'
import { dateText } from '../../ui/time/format.ts'
import { useNow } from '../../ui/time/now.tsx'
import { useShown } from '../../ui/time/time.tsx'
import { useNotices } from '../../ui/toast.tsx'
import { Thing, Things } from '../settings/page.tsx'
import { HandOver, type LinkKind } from './link.tsx'
import { useRoles } from './role-names.ts'
import { useAct, useLoaded } from './use-loaded.ts'

/** Who is invited and has not come yet, and who asked for a new password. */
export function Waiting() {
  const { t } = useTranslation()
  const { client } = useSession()
  const act = useAct()
  const { nameOf } = useRoles()
  const [link, setLink] = useState<{ kind: LinkKind; token: string } | null>(null)
  const invited = useLoaded(useCallback(() => client.invitations.list(), [client]))
  const letters = useLoaded(useCallback(() => client.letters.list(), [client]))
  const load = async (): Promise<void> => {
    await Promise.all([invited.load(), letters.load()])
  }
  const show = useShowLink(setLink)
  const resets = letters.value?.rows.filter(({ kind }) => kind === 'reset') ?? []
  const rows = invited.value?.rows ?? []
  return (
    <>
      {rows.length > 0 && (
        <section className="pt-10">
          <h2 className="pb-3 font-semibold">{t('access.invitations.waiting')}</h2>
          <Things>
            {rows.map((row) => {
              const letter = letters.value?.rows.find(({ about }) => about === row.id)
              const params = { invitation: row.id }
              const revoke = async (): Promise<void> => {
                const call = () => client.invitations.remove({ params })
                if (await act(call, t('access.invitations.revoked'))) await load()
              }
              return (
                <Thing
                  key={row.id}
                  icon={<Mail aria-hidden size={16} className="shrink-0 text-soft" />}
                  title={row.email}
                  text={nameOf(row.role)}
                >
                  <Until at={row.expiresAt} />
                  <span className="flex flex-wrap gap-1">
                    {letter !== undefined && (
                      <Button kind="quiet" onPress={() => void show(letter)}>
                        {t('access.invitations.show')}
                      </Button>
                    )}
                    <Button kind="quiet" onPress={() => void revoke()}>
                      {t('access.invitations.revoke')}
                    </Button>
                  </span>
                </Thing>
              )
            })}
          </Things>
        </section>
      )}
      {resets.length > 0 && (
        <section className="pt-10">
          <h2 className="pb-3 font-semibold">{t('access.invitations.resets')}</h2>
          <Things>
            {resets.map((letter) => (
              <Thing
                key={letter.id}
                icon={<KeyRound aria-hidden size={16} className="shrink-0 text-soft" />}
                title={letter.to}
              >
                <Until at={letter.expiresAt} />
                <Button kind="quiet" onPress={() => void show(letter)}>
                  {t('access.invitations.show')}
                </Button>
              </Thing>
            ))}
          </Things>
        </section>
      )}
      <Dialog
        title={t('access.invitations.link')}
        isOpen={link !== null}
        onClose={() => setLink(null)}
      >
        <DialogBody>
          {link !== null && <HandOver {...link} onClose={() => setLink(null)} />}
        </DialogBody>
      </Dialog>
    </>
  )
}

function Until(props: { at: number }) {
  const { t } = useTranslation()
  const shown = useShown()
  const now = useNow()
  return (
    <span className="figures text-soft">
      {t('access.invitations.until', { date: dateText(props.at, now, shown) })}
    </span>
  )
}

/** Opens the link of a letter; the audit log notes it. */
function useShowLink(
  show: (link: { kind: LinkKind; token: string }) => void,
): (letter: LetterView) => Promise<void> {
  const { client } = useSession()
  const notices = useNotices()
  const troubleText = useTroubleText()
  return async ({ id, kind }) => {
    const result = await tried(() => client.letters.open({ params: { letter: id } }))
    if (!result.ok) notices.say({ kind: 'failed', text: troubleText(result.refusal) })
    else show({ kind: kind === 'reset' ? 'reset' : 'join', token: result.value.token })
  }
}
