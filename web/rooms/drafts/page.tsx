import { Link } from '@tanstack/react-router'
import { Menu as MenuIcon } from 'lucide-react'
import { useEffect, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { ConversationId } from '@fermata/base/ids'
import type { DraftView } from '@fermata/contract/drafts.schema'
import type { Answer } from '@fermata/contract/routes.schema'
import { useModel, useSession } from '../../state/use-session.tsx'
import { useShowPanel } from '../../state/use-shell.tsx'
import { tried } from '../../state/trouble.ts'
import { IconButton } from '../../ui/button.tsx'
import { Age } from '../../ui/time/time.tsx'
import { useNameOf } from '../contacts/names.ts'
import { Scheduled } from './scheduled.tsx'
import { useScheduled } from './use-scheduled.ts'

/** Everything that I have begun to write, or say later. */
export function Drafts() {
  const { t } = useTranslation()
  const showPanel = useShowPanel()
  const scheduled = useScheduled(null)
  const held = useModel((model) => model.state.drafts)
  const drafts = Object.values(held)
    .filter((draft) => draft !== undefined)
    .toSorted((a, b) => b.at - a.at)
  const waiting = scheduled.filter(({ state }) => state === 'waiting')
  const stopped = scheduled.filter(({ state }) => state === 'stopped')
  const about = [...scheduled, ...drafts].map(({ conversation }) => conversation)
  const nameOf = useConversationNames(about)
  const title = t('drafts.title')
  useEffect(() => {
    document.title = `${title} · Fermata`
  }, [title])
  return (
    <main id="main" tabIndex={-1} className="flex min-w-0 grow flex-col">
      <header className="flex h-13 shrink-0 items-center gap-1 border-b border-line px-2">
        <span className="lg:hidden">
          <IconButton
            icon={MenuIcon}
            label={t('app.openNavigation')}
            onPress={() => showPanel('navigation')}
          />
        </span>
        <h1
          tabIndex={-1}
          data-landing="page"
          className="min-w-0 grow truncate px-2 text-lead font-semibold"
        >
          {title}
        </h1>
      </header>
      <div className="quiet-scroll min-h-0 grow overflow-y-auto">
        <div className="mx-auto flex w-full max-w-180 flex-col gap-8 px-4 py-5 sm:px-6">
          {about.length === 0 && <p className="text-soft">{t('drafts.none')}</p>}
          <Part title={t('drafts.stoppedTitle')} isEmpty={stopped.length === 0}>
            {stopped.map((one) => (
              <li key={one.id}>
                <Where id={one.conversation} name={nameOf(one.conversation)} />
                <Scheduled scheduled={one} />
              </li>
            ))}
          </Part>
          <Part title={t('drafts.waitingTitle')} isEmpty={waiting.length === 0}>
            {waiting.map((one) => (
              <li key={one.id}>
                <Where id={one.conversation} name={nameOf(one.conversation)} />
                <Scheduled scheduled={one} />
              </li>
            ))}
          </Part>
          <Part title={t('drafts.draftsTitle')} isEmpty={drafts.length === 0}>
            {drafts.map((draft) => (
              <li key={draft.conversation}>
                <Begun draft={draft} name={nameOf(draft.conversation)} />
              </li>
            ))}
          </Part>
        </div>
      </div>
    </main>
  )
}

function Part(props: { title: string; isEmpty: boolean; children: ReactNode }) {
  if (props.isEmpty) return null
  return (
    <section>
      <h2 className="pb-2 text-small text-soft">{props.title}</h2>
      <ul className="flex flex-col gap-4">{props.children}</ul>
    </section>
  )
}

const whereLook = 'font-medium hover:underline'

function Where(props: { id: ConversationId; name: string }) {
  return (
    <Link
      to="/inbox/$list/$conversation"
      params={{ list: 'all', conversation: props.id }}
      className={whereLook}
    >
      {props.name}
    </Link>
  )
}

/** A draft that goes on where it was begun. */
function Begun(props: { draft: DraftView; name: string }) {
  const { draft, name } = props
  const { t } = useTranslation()
  return (
    <Link
      to="/inbox/$list/$conversation"
      params={{ list: 'all', conversation: draft.conversation }}
      className="-mx-3 block rounded-large px-3 py-2 hover:bg-hover"
    >
      <span className="flex items-baseline gap-2">
        <span className="min-w-0 grow truncate font-medium">{name}</span>
        {draft.kind === 'note' && (
          <span className="text-small text-note-ink">{t('conversations.note')}</span>
        )}
        <span className="figures shrink-0 text-small text-soft">
          <Age at={draft.at} />
        </span>
      </span>
      <span className="line-clamp-2 text-soft">
        {draft.text !== '' ? draft.text : draft.files.map((file) => file.name).join(', ')}
      </span>
    </Link>
  )
}

/** What conversations are called; those that are not at hand are fetched with the drafts. */
function useConversationNames(about: readonly ConversationId[]): (id: ConversationId) => string {
  const { client } = useSession()
  const { t } = useTranslation()
  const nameOf = useNameOf()
  const rows = useModel((model) => model.state.rows)
  const contacts = useModel((model) => model.state.contacts)
  const [fetched, setFetched] = useState<Answer<'drafts.list'> | null>(null)
  const isMissing = about.some(
    (id) => rows[id] === undefined && !fetched?.conversations.some((row) => row.id === id),
  )
  useEffect(() => {
    if (!isMissing) return
    let isHere = true
    void tried(() => client.drafts.list()).then((answer) => {
      if (isHere && answer.ok) setFetched(answer.value)
    })
    return () => {
      isHere = false
    }
  }, [client, isMissing])
  return (id) => {
    const row = rows[id] ?? fetched?.conversations.find((one) => one.id === id)
    if (row === undefined) return t('drafts.unknown')
    const { contact: who, subject } = row
    const contact = contacts[who] ?? fetched?.contacts.find((one) => one.id === who)
    const name = nameOf(contact ?? { id: who, name: null, email: null })
    return subject === '' ? name : `${name} · ${subject}`
  }
}
