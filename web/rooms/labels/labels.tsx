import { Pencil, Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { limits } from '@fermata/base/limits'
import { labelColours, type LabelColour } from '@fermata/contract/labels'
import type { LabelView } from '@fermata/contract/labels.schema'
import { useSession } from '../../state/use-session.tsx'
import { useSubmission } from '../../state/use-trouble.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { Radios } from '../../ui/choice.tsx'
import { Dialog, DialogBody } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/field.tsx'
import { FormFoot } from '../../ui/form-foot.tsx'
import { Form } from '../../ui/form.tsx'
import { useAct } from '../access/use-loaded.ts'
import { NoThings, PageHead, Thing, Things } from '../settings/page.tsx'
import { LabelSign } from './sign.tsx'
import { useLabels } from './use-labels.ts'

/** The labels of the workspace. */
export function LabelSettings() {
  const { t } = useTranslation()
  const labels = useLabels()
  const [editing, setEditing] = useState<LabelView | 'new' | null>(null)
  const close = (): void => setEditing(null)
  return (
    <>
      <PageHead title={t('replies.labels.title')} lead={t('replies.labels.lead')}>
        <Button icon={Plus} onPress={() => setEditing('new')}>
          {t('replies.labels.add')}
        </Button>
      </PageHead>
      {labels.length === 0 && <NoThings>{t('replies.labels.none')}</NoThings>}
      {labels.length > 0 && (
        <Things>
          {labels.map((label) => (
            <Thing
              key={label.id}
              icon={<LabelSign colour={label.colour} />}
              title={label.name}
              text={t(`replies.labels.colours.${label.colour}`)}
            >
              <IconButton
                icon={Pencil}
                label={t('replies.labels.edit', { name: label.name })}
                onPress={() => setEditing(label)}
              />
            </Thing>
          ))}
        </Things>
      )}
      <Dialog
        title={
          editing === null || editing === 'new'
            ? t('replies.labels.add')
            : t('replies.labels.edit', { name: editing.name })
        }
        isOpen={editing !== null}
        onClose={close}
      >
        <DialogBody>
          {editing !== null && (
            <LabelForm label={editing === 'new' ? null : editing} onClose={close} />
          )}
        </DialogBody>
      </Dialog>
    </>
  )
}

/** Removes a label, and brings it back when somebody takes that back. */
function useRemoveLabel(): (label: LabelView) => Promise<void> {
  const { t } = useTranslation()
  const { client } = useSession()
  const act = useAct()
  return async ({ id, name }) => {
    const params = { label: id }
    const done = t('replies.labels.removed', { name })
    await act(
      () => client.labels.remove({ params }),
      done,
      () => client.labels.restore({ params }),
    )
  }
}

function LabelForm(props: { label: LabelView | null; onClose: () => void }) {
  const { label, onClose } = props
  const { t } = useTranslation()
  const { client } = useSession()
  const remove = useRemoveLabel()
  const [name, setName] = useState(label?.name ?? '')
  const [colour, setColour] = useState<LabelColour>(label?.colour ?? 'blue')
  const body = { name: name.trim(), colour }
  const sending = useSubmission(['name'], () =>
    label === null
      ? client.labels.add({ body })
      : client.labels.change({ params: { label: label.id }, body }),
  )
  const submit = async (): Promise<void> => {
    const result = await sending.submit()
    if (result?.ok === true) onClose()
    else if (result?.refusal.code === 'already_exists') {
      sending.refuse({ name: t('replies.labels.taken') })
    }
  }
  const options = labelColours.map((id) => ({
    id,
    text: (
      <span className="flex items-center gap-2">
        <LabelSign colour={id} />
        {t(`replies.labels.colours.${id}`)}
      </span>
    ),
  }))
  return (
    <Form onSubmit={() => void submit()} faults={sending.faults} fault={sending.fault}>
      <TextField
        autoFocus
        name="name"
        isRequired
        maxLength={limits.labelCharsMax}
        label={t('replies.labels.name')}
        value={name}
        onChange={setName}
      />
      <Radios<LabelColour>
        label={t('replies.labels.colour')}
        value={colour}
        onChange={(chosen) => setColour(chosen)}
        options={options}
      />
      <FormFoot
        submit={t(label === null ? 'replies.labels.add' : 'ui.save')}
        isPending={sending.isPending}
        remove={
          label && {
            text: t('replies.labels.remove'),
            onPress: () => {
              onClose()
              void remove(label)
            },
          }
        }
      />
    </Form>
  )
}
