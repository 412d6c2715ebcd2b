import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RecordView, TopicRow } from '@fermata/contract/topics.schema'
import { useSession } from '../../state/use-session.tsx'
import { Select } from '../../ui/select.tsx'
import { useMoment, useShown } from '../../ui/time/time.tsx'
import { useLoaded } from '../access/use-loaded.ts'
import { sizeText } from '../files/size.ts'
import { readable } from './readable.ts'

/** How many records are looked at. */
const shownMax = 20

/** The last records of a topic's partition. */
export function Inside({ topic }: { topic: TopicRow }) {
  const { t } = useTranslation()
  const { client } = useSession()
  const { name } = topic
  const [partition, setPartition] = useState('0')
  const askTopic = useCallback(() => client.topics.get({ params: { topic: name } }), [client, name])
  const askRecords = useCallback(
    () =>
      client.records.list({
        params: { topic: name },
        query: { partition: Number(partition), limit: shownMax },
      }),
    [client, name, partition],
  )
  const { value: sheet } = useLoaded(askTopic)
  const { value: page } = useLoaded(askRecords)
  const options = (sheet?.partitions ?? []).map(({ index, start, end }) => ({
    id: String(index),
    text: t('topics.partitionNumber', {
      number: index,
      records: t('topics.count', { count: end - start }),
    }),
  }))
  return (
    <section
      aria-label={t('topics.records', { name })}
      className="flex min-w-0 basis-full flex-col gap-3 pb-3"
    >
      {options.length > 1 && (
        <Select
          label={t('topics.partition')}
          value={partition}
          onChange={setPartition}
          options={options}
        />
      )}
      {page?.rows.length === 0 && <p className="text-soft">{t('topics.noRecords')}</p>}
      <ol className="flex flex-col gap-2">
        {page?.rows.toReversed().map((record) => (
          <Record key={record.offset} record={record} />
        ))}
      </ol>
    </section>
  )
}

function Record({ record }: { record: RecordView }) {
  const { offset, at, key, value } = record
  const { t } = useTranslation()
  const { locale } = useShown()
  const moment = useMoment()
  const head = [
    t('topics.offset', { offset }),
    ...(at === null ? [] : [moment(at)]),
    key === null ? t('topics.noKey') : t('topics.key', { key: readable(key) }),
  ]
  return (
    <li className="flex min-w-0 flex-col gap-1 rounded-medium bg-hover px-3 py-2">
      <p className="figures text-small wrap-anywhere text-soft">{head.join(' · ')}</p>
      {value === null ? (
        <p className="text-soft">{t('topics.noValue')}</p>
      ) : (
        <pre
          // Whoever has no mouse scrolls by keys.
          tabIndex={0}
          className="max-h-48 overflow-auto font-mono text-small whitespace-pre-wrap wrap-anywhere"
        >
          {readable(value)}
        </pre>
      )}
      {value?.isCut === true && (
        <p className="text-small text-soft">
          {t('topics.cut', { size: sizeText(value.bytes, locale) })}
        </p>
      )}
    </li>
  )
}
