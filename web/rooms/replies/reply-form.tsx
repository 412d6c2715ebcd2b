import { Braces } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { limits } from '@fermata/base/limits'
import {
  replyFault,
  replyVariableNames,
  replyVariables,
  type ReplyVariable,
} from '@fermata/contract/reply-text'
import type { ReplyView } from '@fermata/contract/replies.schema'
import { useMay, useSession } from '../../state/use-session.tsx'
import { useSubmission } from '../../state/use-trouble.ts'
import { Button } from '../../ui/button.tsx'
import { Checkbox } from '../../ui/choice.tsx'
import { TextField } from '../../ui/field.tsx'
import { FormFoot } from '../../ui/form-foot.tsx'
import { Form } from '../../ui/form.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import { useAct } from '../access/use-loaded.ts'

/** Removes a reply, and brings it back when somebody takes that back. */
function useRemoveReply(): (reply: ReplyView) => Promise<void> {
  const { t } = useTranslation()
  const { client } = useSession()
  const act = useAct()
  return async ({ id, title }) => {
    const params = { reply: id }
    const done = t('replies.canned.removed', { title })
    await act(
      () => client.replies.remove({ params }),
      done,
      () => client.replies.restore({ params }),
    )
  }
}

/** A variable as it is written: with room for what stands there when it is missing. */
function written(variable: ReplyVariable, otherwise: string): string {
  return replyVariables[variable].mayLack ? `{{${variable}|${otherwise}}}` : `{{${variable}}}`
}

/** Makes a reply, or changes one. */
export function ReplyForm(props: { reply: ReplyView | null; onClose: () => void }) {
  const { reply, onClose } = props
  const { t } = useTranslation()
  const { client } = useSession()
  const mayManage = useMay('replies:manage')
  const remove = useRemoveReply()
  const [title, setTitle] = useState(reply?.title ?? '')
  const [shortcut, setShortcut] = useState(reply?.shortcut ?? '')
  const [text, setText] = useState(reply?.body ?? '')
  const [shared, setShared] = useState(mayManage)
  const body = { title: title.trim(), shortcut: shortcut.trim(), body: text }
  const sending = useSubmission(['title', 'shortcut', 'body'], () =>
    reply === null
      ? client.replies.add({ body: { ...body, shared } })
      : client.replies.change({ params: { reply: reply.id }, body }),
  )
  const submit = async (): Promise<void> => {
    const fault = replyFault(text)
    if (fault !== null) {
      const { why, variable } = fault
      sending.refuse({ body: t(`replies.canned.fault.${why}`, { variable: `{{${variable}}}` }) })
      return
    }
    const result = await sending.submit()
    if (result?.ok === true) onClose()
  }
  return (
    <Form onSubmit={() => void submit()} faults={sending.faults} fault={sending.fault}>
      <TextField
        autoFocus
        name="title"
        isRequired
        maxLength={limits.nameCharsMax}
        label={t('replies.canned.name')}
        value={title}
        onChange={setTitle}
      />
      <TextField
        name="shortcut"
        maxLength={limits.shortcutCharsMax}
        label={t('replies.canned.shortcut')}
        help={t('replies.canned.shortcutHelp')}
        value={shortcut}
        onChange={(typed) => setShortcut(typed.replaceAll(/[\s/]/g, ''))}
      />
      <TextField
        name="body"
        isRequired
        rows={7}
        maxLength={limits.replyBodyCharsMax}
        label={t('replies.canned.body')}
        help={t('replies.canned.bodyHelp')}
        value={text}
        onChange={setText}
      />
      <VariableMenu onChoose={(words) => setText(text + words)} />
      {reply === null && mayManage && (
        <Checkbox isSelected={shared} onChange={setShared}>
          {t('replies.canned.share')}
        </Checkbox>
      )}
      <FormFoot
        submit={t(reply === null ? 'replies.canned.add' : 'ui.save')}
        isPending={sending.isPending}
        remove={
          reply && {
            text: t('replies.canned.remove'),
            onPress: () => {
              onClose()
              void remove(reply)
            },
          }
        }
      />
    </Form>
  )
}

/** The variables that a reply may name, each put into it as it is written. */
function VariableMenu(props: { onChoose: (words: string) => void }) {
  const { t } = useTranslation()
  return (
    <div>
      <Menu
        label={t('replies.canned.variable')}
        onAction={(key) =>
          props.onChoose(written(key as ReplyVariable, t('replies.canned.otherwise')))
        }
        trigger={<Button icon={Braces}>{t('replies.canned.variable')}</Button>}
      >
        {replyVariableNames.map((variable) => (
          <MenuItem key={variable} id={variable}>
            {t(`replies.canned.variables.${variable}`)}
          </MenuItem>
        ))}
      </Menu>
    </div>
  )
}
