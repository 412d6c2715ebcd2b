import { Eye, PenLine, StickyNote } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Presence } from '@fermata/contract/events.schema'
import { useShown } from '../../ui/time/time.tsx'
import { useActorName } from '../contacts/names.ts'

const icons = { looks: Eye, writes: PenLine, notes: StickyNote }

/**
 * Who else is here, beside the composer: those who write before those who only look. The line is always
 * there, so that nothing moves when somebody comes.
 */
export function Company(props: { presence: readonly Presence[] }) {
  const { t } = useTranslation()
  const actorName = useActorName()
  const { locale } = useShown()
  const doing = (what: Presence['doing']): string[] =>
    props.presence.filter((one) => one.doing === what).map((one) => actorName(one.actor))
  const lines = (
    [
      ['writes', doing('reply')],
      ['notes', doing('note')],
      ['looks', doing('looking')],
    ] as const
  ).filter(([, names]) => names.length > 0)
  const joined = new Intl.ListFormat(locale)
  return (
    <p
      role="status"
      className="flex h-6 items-center gap-4 overflow-hidden px-1 text-small text-soft"
    >
      {lines.map(([what, names]) => {
        const Icon = icons[what]
        return (
          <span key={what} className="appearing flex min-w-0 items-center gap-1.5">
            <Icon aria-hidden size={14} strokeWidth={1.75} className="shrink-0" />
            <span className="truncate">
              {t(`conversations.composer.${what}`, {
                count: names.length,
                names: joined.format(names),
              })}
            </span>
          </span>
        )
      })}
    </p>
  )
}
