import { Link } from '@tanstack/react-router'
import { Menu as MenuIcon, Plus } from 'lucide-react'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { ChannelView } from '@fermata/contract/channels.schema'
import { useMay, useModel, useMyId } from '../../state/use-session.tsx'
import { useShowPanel } from '../../state/use-shell.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { NoThings, PageHead, Thing, Things } from '../settings/page.tsx'
import { ChannelSign } from './lines.tsx'
import { useChannelActs } from './use-channel-acts.ts'
import { useChannel } from './use-floor.ts'

/** Every channel that I may see: those in use first. */
export function Channels() {
  const { t } = useTranslation()
  const show = useShowPanel()
  const mayAdd = useMay('channels:add')
  const held = useModel((model) => model.state.channels)
  const channels = Object.values(held)
    .filter((channel) => channel !== undefined)
    .toSorted((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name))
  useEffect(() => {
    document.title = `${t('channels.title')} · Fermata`
  }, [t])
  return (
    <main id="main" tabIndex={-1} className="quiet-scroll min-w-0 grow overflow-y-auto">
      <div className="mx-auto max-w-180 px-4 py-6 sm:px-6">
        <span className="lg:hidden">
          <IconButton
            icon={MenuIcon}
            label={t('app.openNavigation')}
            onPress={() => show('navigation')}
          />
        </span>
        <PageHead title={t('channels.title')} lead={t('channels.lead')}>
          {mayAdd && (
            <Button icon={Plus} onPress={() => show('channel')}>
              {t('channels.make')}
            </Button>
          )}
        </PageHead>
        {channels.length === 0 && <NoThings>{t('channels.none')}</NoThings>}
        <Things>
          {channels.map((channel) => (
            <Channel key={channel.id} channel={channel} />
          ))}
        </Things>
      </div>
    </main>
  )
}

function rank({ archive }: ChannelView): number {
  return archive === null ? 0 : 1
}

function Channel(props: { channel: ChannelView }) {
  const { channel } = props
  const { t } = useTranslation()
  const { seat } = useChannel(channel.id)
  const acts = useChannelActs()
  const me = useMyId()
  const isArchived = channel.archive !== null
  const facts = [
    ...(isArchived ? [t('channels.isArchived')] : []),
    t('channels.members', { count: channel.members }),
    ...(channel.purpose === '' ? [] : [channel.purpose]),
  ]
  return (
    <Thing
      icon={<ChannelSign visibility={channel.visibility} />}
      title={
        <Link
          to="/channels/$channel"
          params={{ channel: channel.id }}
          className="underline-offset-4 hover:underline"
        >
          {channel.name}
        </Link>
      }
      text={facts.join(' · ')}
    >
      {seat === undefined && !isArchived && (
        <Button
          aria-label={`${t('channels.join')}: ${channel.name}`}
          onPress={() => void acts.join(channel.id, me)}
        >
          {t('channels.join')}
        </Button>
      )}
    </Thing>
  )
}
