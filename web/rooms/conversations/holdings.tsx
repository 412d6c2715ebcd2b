import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ConversationRow } from '@fermata/contract/conversations.schema'
import type { HoldingView } from '@fermata/contract/leases.schema'
import { useSession } from '../../state/use-session.tsx'
import { tried } from '../../state/trouble.ts'
import { useMoment } from '../../ui/time/time.tsx'
import { useHolderName } from './lease-line.tsx'

/** More than these are not shown beside a conversation. */
const shownMax = 6

/** Who held a conversation, when, and why that changed. Nothing while nobody ever has. */
export function useHoldings(row: ConversationRow): readonly HoldingView[] {
  const { client } = useSession()
  const [holdings, setHoldings] = useState<readonly HoldingView[]>([])
  const { id, token, lease } = row
  // Changes with each holding that begins or ends; empty while there is none.
  const sign = token === 0 ? '' : `${token} ${lease === null ? 'free' : 'held'}`
  useEffect(() => {
    let isWanted = true
    if (sign === '') return
    const params = { conversation: id }
    void tried(() => client.leases.list({ params })).then((found) => {
      if (isWanted && found.ok) setHoldings(found.value.holdings)
    })
    return () => {
      isWanted = false
    }
  }, [client, id, sign])
  return holdings
}

/** Who held it, as a list; the newest first. */
export function Holdings(props: { holdings: readonly HoldingView[] }) {
  const { t } = useTranslation()
  const moment = useMoment()
  const name = useHolderName()
  return (
    <ol className="figures flex flex-col gap-1.5">
      {props.holdings.slice(0, shownMax).map(({ token, holder, began, ended }) => (
        <li key={token} className="flex flex-col">
          <span className="flex items-baseline gap-2">
            <span className="min-w-0 grow truncate">{name(holder)}</span>
            <span className="shrink-0 text-small text-soft">
              {t(ended === null ? 'conversations.held.now' : `conversations.held.${ended.why}`)}
            </span>
          </span>
          <span className="text-small text-soft">
            {ended === null || ended.at === began.at
              ? moment(began.at)
              : t('conversations.held.fromTo', { from: moment(began.at), to: moment(ended.at) })}
          </span>
          {ended !== null && ended.reason !== '' && (
            <span className="text-small text-soft" dir="auto">
              {t('conversations.held.reason', { text: ended.reason })}
            </span>
          )}
          {began.note !== '' && (
            <span className="text-small text-soft" dir="auto">
              {t('conversations.held.reason', { text: began.note })}
            </span>
          )}
        </li>
      ))}
    </ol>
  )
}
