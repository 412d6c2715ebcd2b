import { Pencil, Plus } from 'lucide-react'
import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { everyLanguage, isSmallTalk } from '@fermata/contract/small-talk'
import type { SmallTalkView } from '@fermata/contract/small-talk.schema'
import { useSession } from '../../state/use-session.tsx'
import { useSubmission } from '../../state/use-trouble.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { Dialog, DialogBody } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/field.tsx'
import { Form } from '../../ui/form.tsx'
import { Select } from '../../ui/select.tsx'
import { useNotices } from '../../ui/toast.tsx'
import { useLoaded } from '../access/use-loaded.ts'
import { PageHead, Thing, Things } from '../settings/page.tsx'
import { languageCodes, useLanguageName } from './language-names.ts'

/** The words that wake no conversation. */
export function SmallTalk() {
  const { t } = useTranslation()
  const { client } = useSession()
  const { value, load } = useLoaded(useCallback(() => client.smallTalk.list(), [client]))
  const [editing, setEditing] = useState<SmallTalkView | 'new' | null>(null)
  const nameOf = useLanguageName()
  const lists = value?.rows ?? []
  const close = (): void => setEditing(null)
  return (
    <>
      <PageHead title={t('replies.smallTalk.title')} lead={t('replies.smallTalk.lead')}>
        <Button icon={Plus} onPress={() => setEditing('new')}>
          {t('replies.smallTalk.add')}
        </Button>
      </PageHead>
      <Try lists={lists} />
      {lists.length > 0 && (
        <Things>
          {lists.map((list) => (
            <Thing key={list.language} title={nameOf(list.language)} text={list.words.join(' ')}>
              <span className="text-small text-soft">
                {t('replies.smallTalk.count', { count: list.words.length })}
                {!list.usual && ` · ${t('replies.smallTalk.own')}`}
              </span>
              <IconButton
                icon={Pencil}
                label={t('replies.smallTalk.list', { language: nameOf(list.language) })}
                onPress={() => setEditing(list)}
              />
            </Thing>
          ))}
        </Things>
      )}
      <Dialog
        title={
          editing === null || editing === 'new'
            ? t('replies.smallTalk.add')
            : t('replies.smallTalk.list', { language: nameOf(editing.language) })
        }
        isOpen={editing !== null}
        onClose={close}
      >
        <DialogBody>
          {editing !== null && (
            <WordsForm
              list={editing === 'new' ? null : editing}
              taken={lists.map(({ language }) => language)}
              onDone={() => {
                close()
                void load()
              }}
            />
          )}
        </DialogBody>
      </Dialog>
    </>
  )
}

/** Lets somebody see what a message would be taken for. */
function Try(props: { lists: readonly SmallTalkView[] }) {
  const { t } = useTranslation()
  const [text, setText] = useState('')
  const verdict = isSmallTalk(text, props.lists) ? 'isSmall' : 'isMore'
  return (
    <div className="max-w-100 pb-8">
      <TextField
        label={t('replies.smallTalk.try')}
        help={
          <span role="status">
            {t(`replies.smallTalk.${text.trim() === '' ? 'tryHelp' : verdict}`)}
          </span>
        }
        value={text}
        onChange={setText}
      />
    </div>
  )
}

function WordsForm(props: {
  list: SmallTalkView | null
  taken: readonly string[]
  onDone: () => void
}) {
  const { list, onDone } = props
  const { t } = useTranslation()
  const { client } = useSession()
  const notices = useNotices()
  const nameOf = useLanguageName()
  const others = languageCodes.filter((code) => !props.taken.includes(code))
  const [language, setLanguage] = useState(list?.language ?? others[0] ?? everyLanguage)
  const [text, setText] = useState((list?.words ?? []).join(' '))
  const words = [...new Set(text.split(/\s+/).filter((word) => word !== ''))]
  const params = { language }
  const sending = useSubmission(['words'], () => client.smallTalk.put({ params, body: { words } }))
  const resetting = useSubmission([], () => client.smallTalk.delete({ params }))
  const done = async (form: Pick<typeof sending, 'submit'>): Promise<void> => {
    const result = await form.submit()
    if (result?.ok !== true) return
    notices.say({ text: t('replies.smallTalk.saved') })
    onDone()
  }
  return (
    <Form
      onSubmit={() => void done(sending)}
      faults={sending.faults}
      fault={sending.fault ?? resetting.fault}
    >
      {list === null && (
        <Select
          label={t('replies.smallTalk.language')}
          value={language}
          onChange={setLanguage}
          options={others.map((id) => ({ id, text: nameOf(id) }))}
        />
      )}
      <TextField
        autoFocus={list !== null}
        name="words"
        rows={8}
        label={t('replies.smallTalk.words')}
        help={t('replies.smallTalk.wordsHelp')}
        value={text}
        onChange={setText}
      />
      <div className="flex flex-wrap items-center justify-between gap-2">
        {list === null || list.usual ? (
          <span />
        ) : (
          <Button kind="quiet" onPress={() => void done(resetting)}>
            {t('replies.smallTalk.reset')}
          </Button>
        )}
        <Button type="submit" kind="primary" isPending={sending.isPending}>
          {t('ui.save')}
        </Button>
      </div>
    </Form>
  )
}
