import { useParams } from '@tanstack/react-router'
import { ExternalLink } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useModel } from '../../state/use-session.tsx'
import { CopyBlock } from '../../ui/copy.tsx'
import { PageHead, PagePart } from '../settings/page.tsx'
import { InboxForm } from './inbox-form.tsx'
import { snippetFor } from './origins.ts'
import { Secret } from './secret.tsx'

/** One inbox: what it is called, what it promises, and how it comes onto a page. */
export function InboxSettings() {
  const { t } = useTranslation()
  const { inbox: id } = useParams({ from: '/settings/inboxes/$inbox' })
  const inbox = useModel((model) => model.state.inboxes[id])
  if (inbox === undefined) return <p className="text-soft">{t('app.errors.not_found')}</p>
  return (
    <>
      <PageHead title={inbox.name} lead={t(`places.${inbox.medium}`)} />
      <InboxForm key={inbox.id} inbox={inbox} />
      {inbox.medium === 'widget' && (
        <>
          <PagePart title={t('places.snippet')} lead={t('places.snippetHelp')}>
            <CopyBlock label={t('places.snippet')} text={snippetFor(location.origin, inbox.key)} />
            <a
              href="/try"
              target="_blank"
              rel="noopener"
              className="inline-flex w-fit items-center gap-1.5 text-accent underline decoration-accent/40 underline-offset-4 hover:decoration-accent"
            >
              {t('places.try')}
              <ExternalLink aria-hidden size={14} />
            </a>
          </PagePart>
          <PagePart title={t('places.secret')} lead={t('places.secretHelp')}>
            <Secret inbox={inbox.id} />
          </PagePart>
        </>
      )}
    </>
  )
}
