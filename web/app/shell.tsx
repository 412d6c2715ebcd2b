import { Outlet } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { MakeChannel } from '../rooms/channels/edit.tsx'
import { NewDirect } from '../rooms/channels/new-direct.tsx'
import { Compose } from '../rooms/conversations/compose.tsx'
import { useCommands } from '../ui/commands/provider.tsx'
import { Drawer } from '../ui/dialog.tsx'
import { useNotices } from '../ui/toast.tsx'
import { CommandMenu } from './command-menu.tsx'
import { ConnectionLine } from './connection.tsx'
import { KeysHelp } from './keys-help.tsx'
import { Sidebar } from './sidebar.tsx'
import { ShellContext, type Panel } from '../state/use-shell.tsx'
import { useGo } from '../state/use-go.ts'

/** What stands around every screen: the sidebar, and what can be called up from anywhere. */
export function Shell() {
  const { t } = useTranslation()
  const [panel, setPanel] = useState<Panel | null>(null)
  const notices = useNotices()
  const go = useGo()
  const close = (): void => setPanel(null)
  useCommands({
    menu: () => setPanel('menu'),
    help: () => setPanel('keys'),
    compose: () => setPanel('compose'),
    undo: () => void notices.undo(),
    'go.myTurn': () => go.list('myTurn'),
    'go.free': () => go.list('free'),
    'go.ours': () => go.list('ours'),
    'go.paused': () => go.list('paused'),
    'go.resolved': () => go.list('resolved'),
    'go.all': () => go.list('all'),
    'go.channels': go.channels,
    'go.settings': go.settings,
    direct: () => setPanel('direct'),
  })
  return (
    <ShellContext value={setPanel}>
      <div className="flex h-full flex-col">
        <a
          href="#main"
          className="sr-only focus:not-sr-only focus:fixed focus:z-50 focus:m-2 focus:rounded-medium focus:bg-raised focus:px-3 focus:py-2 focus:shadow-raised"
        >
          {t('app.skip')}
        </a>
        <ConnectionLine />
        <div className="flex min-h-0 grow">
          <div className="hidden w-58 shrink-0 border-e border-line bg-dim lg:block">
            <Sidebar />
          </div>
          <Outlet />
        </div>
      </div>
      <Drawer
        side="start"
        title={t('app.navigation')}
        isOpen={panel === 'navigation'}
        onClose={close}
      >
        <Sidebar onGone={close} />
      </Drawer>
      <CommandMenu isOpen={panel === 'menu'} onClose={close} />
      <KeysHelp isOpen={panel === 'keys'} onClose={close} />
      <Compose isOpen={panel === 'compose'} onClose={close} />
      <MakeChannel isOpen={panel === 'channel'} onClose={close} />
      <NewDirect isOpen={panel === 'direct'} onClose={close} />
    </ShellContext>
  )
}
