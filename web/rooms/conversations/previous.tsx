import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { ConversationId } from '@fermata/base/ids'
import type { ConversationRow } from '@fermata/contract/conversations.schema'
import { useModel, useWindow } from '../../state/use-session.tsx'
import { Age } from '../../ui/time/time.tsx'

/** As many as are worth a look; the rest is a list of its own. */
const shownMax = 8

/** The other conversations with the same contact, newest first. */
export function Previous(props: { row: ConversationRow }) {
  const { row } = props
  const { t } = useTranslation()
  const { window } = useWindow({ list: 'all', inbox: null, contact: row.contact })
  const others = (window?.ids ?? []).filter((id) => id !== row.id).slice(0, shownMax)
  if (others.length === 0) {
    return window === undefined ? null : (
      <p className="text-soft">{t('conversations.context.noPrevious')}</p>
    )
  }
  return (
    <ul className="-mx-2 flex flex-col">
      {others.map((id) => (
        <Other key={id} id={id} />
      ))}
    </ul>
  )
}

function Other(props: { id: ConversationId }) {
  const { t } = useTranslation()
  const row = useModel((model) => model.state.rows[props.id])
  if (row === undefined) return null
  const words = row.subject === '' ? (row.preview?.text ?? '') : row.subject
  return (
    <li>
      <Link
        to="/inbox/$list/$conversation"
        params={{ list: 'all', conversation: row.id }}
        preload={false}
        className="flex min-h-7 items-center gap-3 rounded-medium px-2 hover:bg-hover coarse:min-h-10"
      >
        <span className="min-w-0 grow truncate">
          {words === '' ? t('conversations.list.untitled') : words}
        </span>
        <span className="figures shrink-0 text-small text-soft">
          {row.status === 'open' ? (
            <Age at={row.lastAt} />
          ) : (
            t(`conversations.status.${row.status}`)
          )}
        </span>
      </Link>
    </li>
  )
}
