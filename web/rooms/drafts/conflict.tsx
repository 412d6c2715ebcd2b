import { useTranslation } from 'react-i18next'
import type { KeptDraft } from './use-draft-sync.ts'
import { Button } from '../../ui/button.tsx'

/** Other words of mine for the same conversation, from another browser: one of the two is kept. */
export function DraftConflict(props: { kept: KeptDraft }) {
  const { theirs, choose } = props.kept
  const { t } = useTranslation()
  if (theirs === null) return null
  return (
    <div
      role="status"
      className="mb-2 flex flex-wrap items-center gap-x-2 gap-y-1 rounded-medium bg-dim px-3 py-1.5"
    >
      <p className="min-w-40 grow basis-60">
        {t('drafts.elsewhere')} <q className="line-clamp-2 text-soft">{theirs.text}</q>
      </p>
      <Button kind="quiet" onPress={() => choose(true)}>
        {t('drafts.takeThat')}
      </Button>
      <Button kind="quiet" onPress={() => choose(false)}>
        {t('drafts.keepThis')}
      </Button>
    </div>
  )
}
