import { CornerDownLeft, MessageCircle, Search } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Autocomplete } from 'react-aria-components/Autocomplete'
import { Header } from 'react-aria-components/Header'
import { Input } from 'react-aria-components/Input'
import { Menu, MenuItem, MenuSection } from 'react-aria-components/Menu'
import { SearchField } from 'react-aria-components/SearchField'
import type { ConversationId } from '@fermata/base/ids'
import { useContactName } from '../rooms/contacts/names.ts'
import { useModel } from '../state/use-session.tsx'
import { commands, type CommandGroup, type CommandId } from '../ui/commands/commands.ts'
import { useCommandRunner, useKeysOf } from '../ui/commands/provider.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Keys } from '../ui/keys.tsx'
import { optionLook } from '../ui/menu.tsx'
import { containsWords } from './match.ts'
import { useGo } from '../state/use-go.ts'

const groups: readonly CommandGroup[] = ['conversation', 'go', 'list', 'app']

/** Conversations that are offered: as many of those at hand as fit. */
const conversationsMax = 50

/** Everything that can be done here and everywhere one can go, by typing a part of its name. */
export function CommandMenu(props: { isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <Dialog
      titleHidden
      title={t('app.menu.title')}
      isOpen={props.isOpen}
      onClose={props.onClose}
      size="medium"
    >
      <Autocomplete filter={containsWords}>
        <SearchField autoFocus aria-label={t('app.menu.placeholder')}>
          <div className="flex h-12 items-center gap-3 border-b border-line px-4">
            <Search aria-hidden size={16} className="shrink-0 text-soft" />
            <Input
              placeholder={t('app.menu.placeholder')}
              className="h-full w-full bg-transparent text-lead outline-none placeholder:text-soft [&::-webkit-search-cancel-button]:hidden"
            />
          </div>
        </SearchField>
        <Results onClose={props.onClose} />
      </Autocomplete>
    </Dialog>
  )
}

function Results(props: { onClose: () => void }) {
  const { t } = useTranslation()
  const runner = useCommandRunner()
  const keys = useKeysOf()
  const go = useGo()
  const available = runner.available().filter((id) => id !== 'menu' && id !== 'back')
  const act = (key: unknown): void => {
    props.onClose()
    const id = String(key)
    // The menu gives the focus back first, so that whatever is opened next keeps it.
    if (id.startsWith('cnv_')) go.conversation(id as ConversationId)
    else queueMicrotask(() => runner.run(id as CommandId))
  }
  return (
    <Menu
      aria-label={t('app.menu.title')}
      onAction={act}
      renderEmptyState={() => <p className="px-4 py-6 text-soft">{t('app.menu.nothing')}</p>}
      className="quiet-scroll max-h-[min(420px,56vh)] overflow-y-auto p-1.5 outline-none"
    >
      {groups.map((group) => {
        const own = available.filter((id) => commands[id].group === group)
        return own.length === 0 ? null : (
          <MenuSection key={group} id={group} className="pb-1.5">
            <Header className={headerLook}>{t(`app.menu.${group}`)}</Header>
            {own.map((id) => (
              <MenuItem key={id} id={id} textValue={t(`app.commands.${id}`)} className={optionLook}>
                <CornerDownLeft aria-hidden size={16} className="shrink-0 text-faint" />
                <span className="grow">{t(`app.commands.${id}`)}</span>
                {keys(id) !== undefined && <Keys>{keys(id) ?? ''}</Keys>}
              </MenuItem>
            ))}
          </MenuSection>
        )
      })}
      <Conversations />
    </Menu>
  )
}

const headerLook = 'px-2.5 pt-2 pb-1 text-small text-soft'

function Conversations() {
  const { t } = useTranslation()
  const name = useContactName()
  const held = useModel((model) => model.state.rows)
  const rows = Object.values(held)
    .filter((row) => row !== undefined)
    .toSorted((a, b) => b.lastAt - a.lastAt)
    .slice(0, conversationsMax)
  if (rows.length === 0) return null
  return (
    <MenuSection id="conversations">
      <Header className={headerLook}>{t('app.menu.recent')}</Header>
      {rows.map((row) => {
        const subject = row.subject === '' ? (row.preview?.text ?? '') : row.subject
        return (
          <MenuItem
            key={row.id}
            id={row.id}
            textValue={`${name(row.contact)} ${subject}`}
            className={optionLook}
          >
            <MessageCircle
              aria-hidden
              size={16}
              strokeWidth={1.75}
              className="shrink-0 text-soft"
            />
            <span className="shrink-0">{name(row.contact)}</span>
            <span className="min-w-0 grow truncate text-soft">{subject}</span>
          </MenuItem>
        )
      })}
    </MenuSection>
  )
}
