import { useTranslation } from 'react-i18next'
import { Button } from '../../ui/button.tsx'
import { CopyBlock } from '../../ui/copy.tsx'

/** Where a link leads: to join, or to a new password. */
export type LinkKind = 'join' | 'reset'

/** The address that somebody follows. The token stands behind the #, which no server's log ever has. */
function linkOf(kind: LinkKind, token: string): string {
  return `${location.origin}/${kind}#token=${token}`
}

/** A link to be handed over, as long as nothing sends mail. */
export function HandOver(props: { kind: LinkKind; token: string; onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <>
      <p>{t('access.invitations.linkOnce')}</p>
      <CopyBlock label={t('access.invitations.link')} text={linkOf(props.kind, props.token)} />
      <div className="flex justify-end">
        <Button kind="primary" onPress={props.onClose}>
          {t('access.invitations.done')}
        </Button>
      </div>
    </>
  )
}
