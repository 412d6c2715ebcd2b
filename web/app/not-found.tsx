import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

/** An address that leads nowhere. */
export function NotFound() {
  const { t } = useTranslation()
  return (
    <div className="flex h-full flex-col items-center justify-center gap-3 p-6 text-center">
      <h1 tabIndex={-1} data-landing="page" className="text-lead font-semibold">
        {t('app.notFound')}
      </h1>
      <Link
        to="/inbox/$list"
        params={{ list: 'ours' }}
        className="text-accent underline underline-offset-4"
      >
        {t('app.toInbox')}
      </Link>
    </div>
  )
}
