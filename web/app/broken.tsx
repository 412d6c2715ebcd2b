import { useTranslation } from 'react-i18next'
import { Button } from '../ui/button.tsx'

/** What is shown instead of a screen that failed: a fault of ours, said plainly, with a way on. */
export function Broken() {
  const { t } = useTranslation()
  return (
    <main className="flex h-full grow flex-col items-center justify-center gap-3 p-6 text-center">
      <h1 tabIndex={-1} data-landing="page" className="text-lead font-semibold">
        {t('app.broken')}
      </h1>
      <p className="text-soft">{t('app.brokenHelp')}</p>
      <Button kind="primary" onPress={() => location.reload()}>
        {t('app.reload')}
      </Button>
    </main>
  )
}
