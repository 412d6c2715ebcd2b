import { useTranslation } from 'react-i18next'
import type { List } from '@fermata/contract/words'
import { Mark } from '../../ui/mark.tsx'
import { rowHeightPx } from './row.tsx'

/** What a list says when nothing is in it. */
export function EmptyList(props: { list: List }) {
  const { t } = useTranslation()
  return (
    <div className="flex grow flex-col items-center justify-center gap-4 px-8 pb-24 text-center">
      {props.list === 'ours' && <Mark size={36} />}
      <div>
        <p className="font-medium">{t(`conversations.list.empty.${props.list}`)}</p>
        <p className="text-soft">{t(`conversations.list.emptyHelp.${props.list}`)}</p>
      </div>
    </div>
  )
}

/** Stands for rows as long as none has ever been seen. */
export function SkeletonRows(props: { note: string | null }) {
  const { t } = useTranslation()
  return (
    <div className="overflow-hidden px-2">
      <p role="status" className={props.note === null ? 'sr-only' : 'px-3 pb-2 text-soft'}>
        {props.note ?? t('ui.loading')}
      </p>
      {[58, 40, 66, 48, 54, 36].map((width) => (
        <div
          key={width}
          aria-hidden
          className="breathing flex flex-col gap-3 px-3 py-4"
          style={{ height: rowHeightPx }}
        >
          <div className="h-3 rounded-full bg-press" style={{ width: `${width}%` }} />
          <div className="h-3 rounded-full bg-hover" style={{ width: `${width + 28}%` }} />
        </div>
      ))}
    </div>
  )
}
