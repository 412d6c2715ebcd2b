import { useTranslation } from 'react-i18next'
import { usePreferences } from '../state/use-preferences.tsx'
import { commandIds, commands, keysOf, type CommandGroup } from '../ui/commands/commands.ts'
import { useKeysOf } from '../ui/commands/provider.tsx'
import { Dialog, DialogBody } from '../ui/dialog.tsx'
import { Keys } from '../ui/keys.tsx'

const groups: readonly CommandGroup[] = ['list', 'conversation', 'go', 'app']

/** All keys, by what they are for. */
export function KeysHelp(props: { isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation()
  const shown = useKeysOf()
  const { preferences } = usePreferences()
  return (
    <Dialog title={t('app.keys.title')} size="medium" isOpen={props.isOpen} onClose={props.onClose}>
      <DialogBody>
        {!preferences.letters && <p className="text-soft">{t('app.keys.off')}</p>}
        <div className="gap-8 sm:columns-2">
          {groups.map((group) => (
            <section key={group} className="mb-5 break-inside-avoid">
              <h3 className="pb-1 text-small text-soft">{t(`app.menu.${group}`)}</h3>
              <dl>
                {commandIds
                  .filter((id) => commands[id].group === group && keysOf(id) !== undefined)
                  .map((id) => (
                    <div key={id} className="flex min-h-7 items-center justify-between gap-4">
                      <dt>{t(`app.commands.${id}`)}</dt>
                      <dd>
                        <Keys>{shown(id) ?? ''}</Keys>
                        <span className="sr-only">{keysOf(id)}</span>
                      </dd>
                    </div>
                  ))}
              </dl>
            </section>
          ))}
        </div>
      </DialogBody>
    </Dialog>
  )
}
