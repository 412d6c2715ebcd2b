import { Archive, CircleCheck, Ellipsis, ListChecks, Pause, X } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { limits } from '@fermata/base/limits'
import { ok } from '@fermata/base/result'
import type { BulkAct } from '@fermata/contract/bulk.schema'
import { urgencies, type Urgency } from '@fermata/contract/words'
import { IconButton } from '../../ui/button.tsx'
import { Dialog, DialogBody } from '../../ui/dialog.tsx'
import { Menu, MenuItem, optionLook } from '../../ui/menu.tsx'
import { useCommands, useKeysOf } from '../../ui/commands/provider.tsx'
import { Button as AriaButton } from 'react-aria-components/Button'
import { LabelName } from '../labels/sign.tsx'
import { useLabels } from '../labels/use-labels.ts'
import { HandOverDialog } from './hand-over.tsx'
import { LaterDialog } from './later.tsx'
import { useBulk, type Progress } from './use-bulk.ts'
import { useSelection } from './use-selection.tsx'

type Asking = 'pause' | 'label' | 'hand'

/** What is being done to what was selected. */
export interface SelectionActs {
  readonly progress: Progress | null
  readonly asking: Asking | null
  ask(asking: Asking | null): void
  act(what: BulkAct): void
}

/** Does one thing to all that was selected; what it was not done to stays selected. */
export function useSelectionActs(): SelectionActs {
  const selection = useSelection()
  const { progress, perform } = useBulk()
  const [asking, ask] = useState<Asking | null>(null)
  const act = async (what: BulkAct): Promise<void> => {
    const ids = [...selection.ids]
    if (progress !== null || ids.length === 0) return
    selection.clear()
    selection.keep(await perform(ids, what))
  }
  return { progress, asking, ask, act: (what) => void act(what) }
}

/**
 * While something is selected, the keys do to all of it what they do to the open conversation else. Give it
 * that conversation as key, and a place behind it, so that it answers first.
 */
export function SelectionKeys({ acts }: { acts: SelectionActs }) {
  const selection = useSelection()
  const some = (run: () => void) => (selection.ids.size > 0 ? run : undefined)
  const does = (what: BulkAct) => some(() => acts.act(what))
  const urgency = (one: Urgency) => does({ type: 'urgency', urgency: one })
  useCommands({
    resolve: does({ type: 'resolve' }),
    archive: does({ type: 'archive' }),
    pause: some(() => acts.ask('pause')),
    label: some(() => acts.ask('label')),
    hand: some(() => acts.ask('hand')),
    take: does({ type: 'take' }),
    release: does({ type: 'release' }),
    'urgency.low': urgency('low'),
    'urgency.normal': urgency('normal'),
    'urgency.high': urgency('high'),
    'urgency.urgent': urgency('urgent'),
    back: selection.isOn ? selection.clear : undefined,
  })
  return null
}

/** Says how many conversations are selected, and does one thing to all of them. */
export function SelectionBar({ acts }: { acts: SelectionActs }) {
  const { t } = useTranslation()
  const keys = useKeysOf()
  const selection = useSelection()
  const { progress, asking, act } = acts
  const close = (): void => acts.ask(null)
  const { size } = selection.ids
  const run = (what: BulkAct) => () => act(what)
  if (!selection.isOn && progress === null) return null
  return (
    <div
      role="toolbar"
      aria-label={t('replies.bulk.title')}
      className="flex shrink-0 items-center border-b [contain:inline-size] border-line bg-dim px-3 py-1"
    >
      <p role="status" className="figures min-w-0 grow truncate ps-2 font-medium">
        {progress === null
          ? t('replies.bulk.selected', { count: size })
          : t('replies.bulk.progress', { done: progress.done, of: progress.of })}
      </p>
      <IconButton
        icon={ListChecks}
        label={t('replies.bulk.all', { limit: limits.bulkConversationsMax })}
        keys={keys('list.selectAll')}
        onPress={selection.all}
      />
      <IconButton
        icon={CircleCheck}
        label={t('conversations.resolve')}
        keys={keys('resolve')}
        onPress={run({ type: 'resolve' })}
      />
      <IconButton
        icon={Archive}
        label={t('conversations.archive')}
        keys={keys('archive')}
        onPress={run({ type: 'archive' })}
      />
      <IconButton
        icon={Pause}
        label={t('conversations.pause')}
        keys={keys('pause')}
        onPress={() => acts.ask('pause')}
      />
      <More acts={acts} />
      <IconButton icon={X} label={t('replies.bulk.clear')} onPress={selection.clear} />
      <LaterDialog
        title={t('conversations.later.titlePause')}
        isOpen={asking === 'pause'}
        onClose={close}
        onChoose={({ until, reason }) => act({ type: 'pause', until, reason })}
      />
      <HandOverDialog
        isOpen={asking === 'hand'}
        onClose={close}
        onHand={(holder, note) => {
          act({ type: 'hand', holder, note })
          // Those to which it could not be done stay selected, and are told of.
          return Promise.resolve(ok(undefined))
        }}
      />
      <ManyLabels isOpen={asking === 'label'} onClose={close} onAct={(what) => act(what)} />
    </div>
  )
}

/** What is done less often to what was selected. */
function More({ acts }: { acts: SelectionActs }) {
  const { t } = useTranslation()
  const keys = useKeysOf()
  const run = (what: BulkAct) => () => acts.act(what)
  const menu: Record<string, () => void> = {
    label: () => acts.ask('label'),
    hand: () => acts.ask('hand'),
    take: run({ type: 'take' }),
    release: run({ type: 'release' }),
    ...Object.fromEntries(urgencies.map((one) => [one, run({ type: 'urgency', urgency: one })])),
  }
  return (
    <Menu
      label={t('replies.bulk.more')}
      placement="bottom end"
      onAction={(key) => menu[String(key)]?.()}
      trigger={<IconButton icon={Ellipsis} label={t('replies.bulk.more')} />}
    >
      <MenuItem id="label" keys={keys('label')}>
        {t('app.commands.label')}
      </MenuItem>
      <MenuItem id="take" keys={keys('take')}>
        {t('app.commands.take')}
      </MenuItem>
      <MenuItem id="hand" keys={keys('hand')}>
        {t('app.commands.hand')}
      </MenuItem>
      <MenuItem id="release">{t('app.commands.release')}</MenuItem>
      <>
        {urgencies.map((one) => (
          <MenuItem key={one} id={one} keys={keys(`urgency.${one}`)}>
            {t(`app.commands.urgency.${one}`)}
          </MenuItem>
        ))}
      </>
    </Menu>
  )
}

/** Puts a label on all of them, or takes it off. */
function ManyLabels(props: {
  isOpen: boolean
  onClose: () => void
  onAct: (act: BulkAct) => void
}) {
  const { t } = useTranslation()
  const labels = useLabels()
  const choose = (what: BulkAct): void => {
    props.onClose()
    props.onAct(what)
  }
  return (
    <Dialog title={t('conversations.context.labels')} isOpen={props.isOpen} onClose={props.onClose}>
      <DialogBody>
        {labels.length === 0 && <p className="text-soft">{t('replies.labels.none')}</p>}
        <ul className="flex flex-col">
          {labels.map((label) => (
            <li key={label.id} className="flex items-center gap-1">
              <AriaButton
                onPress={() => choose({ type: 'labels', add: [label.id], remove: [] })}
                className={`${optionLook} hovered:bg-hover`}
              >
                <LabelName label={label} />
              </AriaButton>
              <IconButton
                icon={X}
                label={t('replies.bulk.takeOff', { name: label.name })}
                onPress={() => choose({ type: 'labels', add: [], remove: [label.id] })}
              />
            </li>
          ))}
        </ul>
      </DialogBody>
    </Dialog>
  )
}
