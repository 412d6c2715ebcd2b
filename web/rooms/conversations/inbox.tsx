import { Outlet } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { unread } from '@fermata/contract/lists'
import { windowName } from '@fermata/contract/state'
import { lists } from '@fermata/contract/words'
import { useAskModel } from '../../state/use-session.tsx'
import { classes } from '../../ui/classes.ts'
import { useCommands } from '../../ui/commands/provider.tsx'
import { ListPane } from './list.tsx'
import { rowFrom, rowWhere } from './neighbours.ts'
import { useFocusInPlace } from './use-focus-in-place.ts'
import { useNext } from './use-leases.ts'
import { usePlace } from './use-place.ts'
import { SelectionKeys, useSelectionActs } from './selection-bar.tsx'
import { SelectionProvider, useSelection } from './use-selection.tsx'

/** A list and the conversation that is open beside it; on a narrow screen one of them at a time. */
export function Inbox() {
  return (
    <SelectionProvider>
      <Panes />
    </SelectionProvider>
  )
}

function Panes() {
  const { t } = useTranslation()
  const { key, conversation } = usePlace()
  useListCommands()
  const acts = useSelectionActs()
  useFocusInPlace()
  const isOpen = conversation !== null
  return (
    <main id="main" tabIndex={-1} className="flex min-w-0 grow">
      <section
        aria-label={t(`conversations.list.${key.list}`)}
        className={classes(
          'min-w-0 shrink-0 grow border-line md:w-80 md:grow-0 md:border-e xl:w-88',
          isOpen ? 'hidden md:block' : 'block',
        )}
      >
        <ListPane acts={acts} />
      </section>
      <section
        aria-label={t('conversations.one')}
        className={classes('min-w-0 grow', isOpen ? 'block' : 'hidden md:block')}
      >
        <Outlet />
      </section>
      <SelectionKeys key={conversation} acts={acts} />
    </main>
  )
}

/** Moving through the list by keys. */
function useListCommands(): void {
  const { key, conversation, open, show } = usePlace()
  const takeNext = useNext()
  const selection = useSelection()
  const ask = useAskModel()
  const ids = () => ask().state.windows[windowName(key)]?.ids ?? []
  /** Steps are counted from what is open, else from the row that has the focus. */
  const here = (): typeof conversation => {
    const row = document.activeElement?.id ?? ''
    return conversation ?? ids().find((id) => id === row) ?? null
  }
  const openIf = (id: typeof conversation): void => {
    if (id !== null) open(id)
  }
  const unreadFrom = (steps: 1 | -1): void => {
    const { rows, mine } = ask().state
    const isUnread = (id: keyof typeof rows): boolean => {
      const row = rows[id]
      return row !== undefined && unread(row, mine[id]) > 0
    }
    openIf(rowWhere(ids(), here(), steps, isUnread))
  }
  /** Selects from where one is to the next row, and goes there. */
  const selectOn = (steps: 1 | -1): void => {
    const from = selection.from ?? here()
    const to = from === null ? rowFrom(ids(), null, 1) : (rowFrom(ids(), from, steps) ?? from)
    if (to === null) return
    selection.extend(to, from)
    document.getElementById(to)?.focus()
  }
  const at = lists.indexOf(key.list)
  const turn = (steps: 1 | -1): void => {
    const list = lists[(at + steps + lists.length) % lists.length]
    if (list !== undefined) show(list)
  }
  useCommands({
    'list.next': () => openIf(rowFrom(ids(), here(), 1)),
    'list.previous': () => openIf(rowFrom(ids(), here(), -1)),
    'list.nextUnread': () => unreadFrom(1),
    'list.previousUnread': () => unreadFrom(-1),
    'list.open': conversation === null ? () => openIf(rowFrom(ids(), null, 1)) : undefined,
    'list.take': () => void takeNext(),
    'list.select': () => {
      const id = here() ?? rowFrom(ids(), null, 1)
      if (id !== null) selection.toggle(id)
    },
    'list.selectNext': () => selectOn(1),
    'list.selectPrevious': () => selectOn(-1),
    'list.selectAll': selection.all,
    'view.next': () => turn(1),
    'view.previous': () => turn(-1),
    back: conversation === null ? undefined : () => open(null),
  })
}
