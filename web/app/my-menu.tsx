import { ChevronsUpDown, Keyboard, LogOut } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button as AriaButton } from 'react-aria-components/Button'
import { languages, type Language } from '../i18n/languages.ts'
import { useDoor } from '../state/use-entering.tsx'
import { usePreferences } from '../state/use-preferences.tsx'
import { useMe, useSession } from '../state/use-session.tsx'
import type { Preferences } from '../state/preferences.ts'
import { Avatar } from '../ui/avatar.tsx'
import { Button } from '../ui/button.tsx'
import { useCommandRunner, useKeysOf } from '../ui/commands/provider.tsx'
import { Dialog, DialogBody } from '../ui/dialog.tsx'
import { Menu, MenuChoice, MenuItem, MenuLine } from '../ui/menu.tsx'

/** My name, and behind it what is mine to choose. */
export function MyMenu() {
  const { t, i18n } = useTranslation()
  const { member } = useMe()
  const { preferences, change } = usePreferences()
  const commands = useCommandRunner()
  const keys = useKeysOf()
  const leaving = useLeaving()
  const name = member?.name ?? ''
  const act = (key: unknown): void => {
    if (key === 'help') commands.run('help')
    if (key === 'signOut') leaving.begin()
  }
  return (
    <>
      <Menu
        label={t('app.me.menu')}
        placement="top start"
        onAction={act}
        trigger={
          <AriaButton className="flex h-10 items-center gap-2.5 rounded-medium px-2 text-start transition-colors coarse:h-12 hovered:bg-press">
            <Avatar name={name} ours size="small" />
            <span className="min-w-0 grow truncate">{name}</span>
            <ChevronsUpDown aria-hidden size={14} className="shrink-0 text-soft" />
          </AriaButton>
        }
      >
        <MenuChoice
          title={t('app.me.theme')}
          value={preferences.theme}
          onChange={(theme) => change({ theme: theme as Preferences['theme'] })}
          options={[
            { id: 'system', text: t('app.me.system') },
            { id: 'light', text: t('app.me.light') },
            { id: 'dark', text: t('app.me.dark') },
          ]}
        />
        <MenuLine />
        <MenuChoice
          title={t('app.me.language')}
          value={i18n.language}
          onChange={(language) => change({ language: language as Language })}
          options={languages.map(({ id, name: text }) => ({ id, text }))}
        />
        <MenuLine />
        <MenuChoice
          title={t('app.me.keys')}
          value={preferences.letters ? 'on' : 'off'}
          onChange={(value) => change({ letters: value === 'on' })}
          options={[
            { id: 'on', text: t('app.me.keysOn') },
            { id: 'off', text: t('app.me.keysOff') },
          ]}
        />
        <MenuLine />
        <MenuItem id="help" icon={Keyboard} keys={keys('help')}>
          {t('app.commands.help')}
        </MenuItem>
        <MenuItem id="signOut" icon={LogOut}>
          {t('app.me.signOut')}
        </MenuItem>
      </Menu>
      {leaving.dialog}
    </>
  )
}

/** Signs out; where words wait to be sent, only after saying that they would be lost. */
function useLeaving() {
  const { t } = useTranslation()
  const { entering } = useDoor()
  const { outbox } = useSession()
  const [unsent, setUnsent] = useState(0)
  const leave = (): void => void entering.leave()
  const begin = (): void => {
    const waiting = outbox.getState().length
    if (waiting === 0) leave()
    else setUnsent(waiting)
  }
  const stay = (): void => setUnsent(0)
  const dialog = (
    <Dialog title={t('app.signOut.title')} isOpen={unsent > 0} onClose={stay}>
      <DialogBody>
        <p>{t('app.signOut.text', { count: unsent })}</p>
        <div className="flex flex-wrap justify-end gap-2">
          <Button onPress={leave}>{t('app.signOut.go')}</Button>
          <Button kind="primary" autoFocus onPress={stay}>
            {t('app.signOut.stay')}
          </Button>
        </div>
      </DialogBody>
    </Dialog>
  )
  return { begin, dialog }
}
