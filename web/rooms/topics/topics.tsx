import { RefreshCw } from 'lucide-react'
import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { TopicRow } from '@fermata/contract/topics.schema'
import { useSession } from '../../state/use-session.tsx'
import { Button } from '../../ui/button.tsx'
import { useShown } from '../../ui/time/time.tsx'
import { useLoaded } from '../access/use-loaded.ts'
import { sizeText } from '../files/size.ts'
import { NoThings, PageHead, Thing, Things } from '../settings/page.tsx'
import { Groups } from './groups.tsx'
import { Inside } from './inside.tsx'

/** What programs say to each other: topics, what is in them, and who reads them. */
export function Topics() {
  const { t } = useTranslation()
  const { client } = useSession()
  const askTopics = useCallback(() => client.topics.list(), [client])
  const askGroups = useCallback(() => client.groups.list(), [client])
  const topics = useLoaded(askTopics)
  const groups = useLoaded(askGroups)
  const [open, setOpen] = useState<string | null>(null)
  const rows = topics.value?.rows
  const refresh = (): void => {
    void topics.load()
    void groups.load()
  }
  return (
    <>
      <PageHead title={t('topics.title')} lead={t('topics.lead')}>
        <Button icon={RefreshCw} onPress={refresh}>
          {t('topics.refresh')}
        </Button>
      </PageHead>
      {rows?.length === 0 && <NoThings>{t('topics.none')}</NoThings>}
      {rows !== undefined && rows.length > 0 && (
        <Things>
          {rows.map((topic) => (
            <Topic
              key={topic.name}
              topic={topic}
              isOpen={topic.name === open}
              onOpen={(isOpen) => setOpen(isOpen ? topic.name : null)}
            />
          ))}
        </Things>
      )}
      {topics.value?.isCut === true && <p className="py-3 text-soft">{t('topics.more')}</p>}
      <Groups rows={groups.value?.rows ?? null} />
    </>
  )
}

function Topic(props: { topic: TopicRow; isOpen: boolean; onOpen: (isOpen: boolean) => void }) {
  const { topic, isOpen, onOpen } = props
  const { t } = useTranslation()
  const { locale } = useShown()
  const text = [
    t('topics.partitions', { count: topic.partitions }),
    t('topics.count', { count: topic.records }),
    sizeText(topic.bytes, locale),
  ].join(' · ')
  return (
    <Thing title={topic.name} text={text}>
      <Button
        kind="quiet"
        aria-expanded={isOpen}
        aria-label={t('topics.open', { name: topic.name })}
        onPress={() => onOpen(!isOpen)}
      >
        {t(isOpen ? 'topics.close' : 'topics.look')}
      </Button>
      {isOpen && <Inside topic={topic} />}
    </Thing>
  )
}
