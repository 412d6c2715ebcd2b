import { Link, Outlet, useLocation, useNavigate } from '@tanstack/react-router'
import { ArrowLeft, Menu as MenuIcon } from 'lucide-react'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { usePermissions } from '../../state/use-session.tsx'
import { useShowPanel } from '../../state/use-shell.tsx'
import { IconButton } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { useCommands } from '../../ui/commands/provider.tsx'
import { Profile } from '../accounts/profile.tsx'
import { settingsNames, settingsPages, type SettingsName, type SettingsPage } from './pages.ts'

/** The settings: their names on one side, one of them beside. On a phone one of the two at a time. */
export function Settings() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const page = useOpenPage()
  useEffect(() => {
    const title = t(page === null ? 'app.settings' : settingsPages[page].title)
    document.title = `${title} · Fermata`
  }, [page, t])
  useCommands({ back: () => void navigate({ to: page === null ? '/' : '/settings' }) })
  return (
    <main id="main" tabIndex={-1} className="flex min-w-0 grow">
      <div
        className={classes(
          'min-w-0 shrink-0 grow border-line md:w-56 md:grow-0 md:border-e',
          page === null ? 'block' : 'hidden md:block',
        )}
      >
        <Names page={page} />
      </div>
      <section
        aria-label={t(page === null ? 'app.settings' : settingsPages[page].title)}
        className={classes(
          'quiet-scroll min-w-0 grow overflow-y-auto',
          page === null ? 'hidden md:block' : 'block',
        )}
      >
        <div className="safe-bottom mx-auto max-w-160 px-4 pt-2 pb-16 sm:px-8 md:pt-8">
          <div className="-ms-2 flex h-11 items-center md:hidden">
            <IconButton
              icon={ArrowLeft}
              label={t('app.settings')}
              onPress={() => void navigate({ to: '/settings' })}
            />
          </div>
          <Outlet />
        </div>
      </section>
    </main>
  )
}

/** What stands beside the names before one is chosen; a phone shows only the names. */
export function SettingsHome() {
  return <Profile />
}

function useOpenPage(): SettingsName | null {
  const name = useLocation({ select: ({ pathname }) => pathname.split('/')[2] ?? '' })
  return settingsNames.find((known) => known === name) ?? null
}

function Names(props: { page: SettingsName | null }) {
  const { t } = useTranslation()
  const showPanel = useShowPanel()
  const held = usePermissions()
  const names = settingsNames.filter((name) => {
    const page: SettingsPage = settingsPages[name]
    return page.permission === null || held.includes(page.permission)
  })
  return (
    <nav aria-label={t('app.settings')} className="flex h-full flex-col">
      <div className="flex h-13 items-center gap-1 px-3">
        <span className="lg:hidden">
          <IconButton
            icon={MenuIcon}
            label={t('app.openNavigation')}
            onPress={() => showPanel('navigation')}
          />
        </span>
        <h1 tabIndex={-1} data-landing="page" className="px-2 text-lead font-semibold">
          {t('app.settings')}
        </h1>
      </div>
      <ul className="flex flex-col gap-px px-2">
        {names.map((name) => {
          const { title, icon: Icon } = settingsPages[name]
          return (
            <li key={name}>
              <Link
                to={`/settings/${name}`}
                className={classes(
                  'flex h-8 items-center gap-2.5 rounded-medium px-3 transition-colors hover:bg-hover coarse:h-11',
                  'aria-[current=page]:bg-accent-soft aria-[current=page]:font-medium aria-[current=page]:text-accent',
                )}
                {...(props.page === null && name === 'profile' ? { 'aria-current': 'page' } : {})}
              >
                <Icon aria-hidden size={16} strokeWidth={1.75} className="shrink-0 opacity-75" />
                {t(title)}
              </Link>
            </li>
          )
        })}
      </ul>
    </nav>
  )
}
