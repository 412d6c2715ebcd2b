import { useTranslation } from 'react-i18next'
import type { GroupView } from '@fermata/contract/topics.schema'
import { useSpanText } from '../../ui/time/time.tsx'
import { spanOf } from '../../ui/time/span.ts'
import { NoThings, PagePart, Thing, Things } from '../settings/page.tsx'

const minuteMs = 60_000

/** Who reads, and how far behind they are. */
export function Groups({ rows }: { rows: readonly GroupView[] | null }) {
  const { t } = useTranslation()
  return (
    <PagePart title={t('topics.groups')} lead={t('topics.groupsLead')}>
      {rows?.length === 0 && <NoThings>{t('topics.noGroups')}</NoThings>}
      {rows !== null && rows.length > 0 && (
        <Things>
          {rows.map((group) => (
            <Group key={group.group} group={group} />
          ))}
        </Things>
      )}
    </PagePart>
  )
}

function Group({ group }: { group: GroupView }) {
  const { t } = useTranslation()
  const spanText = useSpanText()
  const timeText = (ms: number): string =>
    ms < minuteMs ? t('topics.seconds', { count: Math.ceil(ms / 1_000) }) : spanText(spanOf(ms))
  const behind = group.topics.filter(({ records }) => records > 0)
  return (
    <Thing
      title={group.group}
      text={`${t('topics.members', { count: group.members })} · ${group.state}`}
    >
      <ul className="figures flex min-w-0 flex-col text-soft">
        {behind.length === 0 && <li>{t('topics.upToDate')}</li>}
        {behind.map(({ topic, records, ms }) => (
          <li key={topic} className="wrap-anywhere">
            {t('topics.behind', {
              topic,
              records: t('topics.count', { count: records }),
              time: timeText(ms),
            })}
          </li>
        ))}
      </ul>
    </Thing>
  )
}
