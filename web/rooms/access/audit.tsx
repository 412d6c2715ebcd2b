import { Download } from 'lucide-react'
import { useCallback, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { auditActions, type AuditAction } from '@fermata/contract/audit'
import type { AuditEntry } from '@fermata/contract/audit.schema'
import { tried } from '../../state/trouble.ts'
import { useModel, useSession } from '../../state/use-session.tsx'
import { useTroubleText } from '../../state/use-trouble.ts'
import { Button } from '../../ui/button.tsx'
import { Select } from '../../ui/select.tsx'
import { useMoment } from '../../ui/time/time.tsx'
import { useNotices } from '../../ui/toast.tsx'
import { NoThings, PageHead } from '../settings/page.tsx'
import { changeInWords, isAuditField } from './audit.change.ts'
import { auditCsv } from './audit.csv.ts'

const all = 'all'

/** How many entries an export asks for at once. */
const pageRows = 100

interface Filter {
  readonly actor: string
  readonly action: AuditAction | typeof all
}

function queryOf({ actor, action }: Filter) {
  return { ...(actor === all ? {} : { actor }), ...(action === all ? {} : { action }) }
}

/** Fetches pages of the log, for as long as there are any and the caller wants them. */
function usePages(): (
  filter: Filter,
  page: string | null,
  limit?: number,
) => Promise<{ rows: readonly AuditEntry[]; next: string | null } | null> {
  const { client } = useSession()
  const notices = useNotices()
  const troubleText = useTroubleText()
  return useCallback(
    async (filter, page, limit = 50) => {
      const query = { ...queryOf(filter), ...(page === null ? {} : { page }), limit }
      const result = await tried(() => client.audit.list({ query }))
      if (result.ok) return result.value
      notices.say({ kind: 'failed', text: troubleText(result.refusal) })
      return null
    },
    [client, notices, troubleText],
  )
}

/** Who did what to whom. */
export function Audit() {
  const { t } = useTranslation()
  const ask = usePages()
  const members = useModel((model) => model.state.members)
  const [filter, setFilter] = useState<Filter>({ actor: all, action: all })
  const [rows, setRows] = useState<readonly AuditEntry[] | null>(null)
  const [next, setNext] = useState<string | null>(null)
  useEffect(() => {
    let isPresent = true
    void ask(filter, null).then((page) => {
      if (!isPresent || page === null) return
      setRows(page.rows)
      setNext(page.next)
    })
    return () => {
      isPresent = false
    }
  }, [ask, filter])
  const more = async (): Promise<void> => {
    const page = await ask(filter, next)
    if (page === null) return
    setRows([...(rows ?? []), ...page.rows])
    setNext(page.next)
  }
  const people = Object.values(members)
    .filter((member) => member !== undefined)
    .toSorted((a, b) => a.name.localeCompare(b.name))
    .map(({ id, name }) => ({ id: id as string, text: name }))
  return (
    <>
      <PageHead title={t('access.audit.title')} lead={t('access.audit.lead')}>
        <Export filter={filter} />
      </PageHead>
      <div className="grid gap-4 pb-6 sm:grid-cols-2">
        <Select<string>
          label={t('access.audit.who')}
          value={filter.actor}
          onChange={(actor) => setFilter({ ...filter, actor })}
          options={[{ id: all, text: t('access.audit.everybody') }, ...people]}
        />
        <Select<Filter['action']>
          label={t('access.audit.what')}
          value={filter.action}
          onChange={(action) => setFilter({ ...filter, action })}
          options={[
            { id: all, text: t('access.audit.everything') },
            ...auditActions.map((id) => ({
              id,
              text: t(`access.audit.action.${id}`, { target: '…' }),
            })),
          ]}
        />
      </div>
      {rows?.length === 0 && <NoThings>{t('access.audit.none')}</NoThings>}
      {rows !== null && rows.length > 0 && (
        <ul className="flex flex-col border-t border-line">
          {rows.map((row) => (
            <Entry key={row.id} entry={row} />
          ))}
        </ul>
      )}
      {next !== null && (
        <div className="pt-4">
          <Button onPress={() => void more()}>{t('access.audit.more')}</Button>
        </div>
      )}
    </>
  )
}

function Entry({ entry }: { entry: AuditEntry }) {
  const { t } = useTranslation()
  const moment = useMoment()
  const who = entry.actorName === '' ? t('access.audit.somebody') : entry.actorName
  const what = t(`access.audit.action.${entry.action}`, { target: entry.targetName })
  const teams = useModel((model) => model.state.teams)
  const fieldName = (field: string): string =>
    isAuditField(field) ? t(`access.audit.field.${field}`) : field
  return (
    <li className="flex flex-col gap-0.5 border-b border-line py-2.5">
      <p className="wrap-anywhere">
        <span className="font-medium">{who}</span> {what}
      </p>
      {entry.changes
        .map((change) => changeInWords(change, teams))
        .map(({ field, from, to }) => (
          <p key={field} className="text-small wrap-anywhere text-soft">
            {fieldName(field)}: {from} → {to}
          </p>
        ))}
      <p className="figures text-small text-soft" title={entry.agent}>
        {moment(entry.at)}
        {entry.address !== '' && ` · ${t('access.audit.from', { address: entry.address })}`}
      </p>
    </li>
  )
}

/** Fetches everything that the filter finds, and hands it to the browser as a file. */
function Export(props: { filter: Filter }) {
  const { t } = useTranslation()
  const ask = usePages()
  const [isBusy, setBusy] = useState(false)
  const save = async (): Promise<void> => {
    setBusy(true)
    const entries: AuditEntry[] = []
    let page: Awaited<ReturnType<typeof ask>> = { rows: [], next: null }
    do {
      page = await ask(props.filter, page.next, pageRows)
      entries.push(...(page?.rows ?? []))
    } while (page !== null && page.next !== null)
    setBusy(false)
    if (page === null) return
    const file = new Blob([auditCsv(entries)], { type: 'text/csv;charset=utf-8' })
    const link = document.createElement('a')
    link.href = URL.createObjectURL(file)
    link.download = 'audit-log.csv'
    link.click()
    URL.revokeObjectURL(link.href)
  }
  return (
    <Button icon={Download} isPending={isBusy} onPress={() => void save()}>
      {t(isBusy ? 'access.audit.exporting' : 'access.audit.export')}
    </Button>
  )
}
