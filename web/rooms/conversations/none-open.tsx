import { useTranslation } from 'react-i18next'
import { useKeysOf } from '../../ui/commands/provider.tsx'
import { Mark } from '../../ui/mark.tsx'

/** What stands where a conversation would. */
export function NoneOpen() {
  const { t } = useTranslation()
  const keys = useKeysOf()
  return (
    <div className="flex h-full flex-col items-center justify-center gap-4 p-8 text-center">
      <span className="opacity-30">
        <Mark size={48} />
      </span>
      <div>
        <h2 className="font-medium">{t('conversations.list.noneOpen')}</h2>
        <p className="text-soft">
          {t('conversations.list.noneOpenHelp', { key: keys('list.next') ?? '' })}
        </p>
      </div>
    </div>
  )
}
