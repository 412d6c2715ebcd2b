import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { present } from '@fermata/base/assert'
import type { TeamId } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import type { AnswerMinutes, InboxView } from '@fermata/contract/places.schema'
import { urgencies, type Urgency } from '@fermata/contract/words'
import { useModel, useSession } from '../../state/use-session.tsx'
import { useSubmission } from '../../state/use-trouble.ts'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { Form } from '../../ui/form.tsx'
import { NameField } from '../../ui/name-field.tsx'
import { Select } from '../../ui/select.tsx'
import { useNotices } from '../../ui/toast.tsx'
import { answerMinutesOf, answerTime, answerUnits, type AnswerTime } from './answer-time.ts'
import { readOrigins } from './origins.ts'

type Answers = Readonly<Record<Urgency, AnswerTime>>

/** What is written in the form before it is read. */
interface Written {
  readonly name: string
  readonly team: TeamId | 'everybody'
  readonly greeting: string
  readonly origins: string
  readonly answers: Answers
}

function written(inbox: InboxView): Written {
  const { answerMinutes } = inbox
  return {
    name: inbox.name,
    team: inbox.team ?? 'everybody',
    greeting: inbox.greeting,
    origins: inbox.origins.join('\n'),
    answers: {
      low: answerTime(answerMinutes.low),
      normal: answerTime(answerMinutes.normal),
      high: answerTime(answerMinutes.high),
      urgent: answerTime(answerMinutes.urgent),
    },
  }
}

/** The minutes of every urgency, or the urgencies whose time is none. */
function readAnswers(answers: Answers): { minutes: AnswerMinutes; wrong: readonly Urgency[] } {
  const minutes: AnswerMinutes = { low: null, normal: null, high: null, urgent: null }
  const wrong: Urgency[] = []
  for (const urgency of urgencies) {
    const read = answerMinutesOf(answers[urgency])
    if (read === undefined || (read ?? 1) > limits.answerMinutesMax) wrong.push(urgency)
    else minutes[urgency] = read
  }
  return { minutes, wrong }
}

/** Changes an inbox. */
export function InboxForm(props: { inbox: InboxView }) {
  const { inbox } = props
  const { t } = useTranslation()
  const { client } = useSession()
  const notices = useNotices()
  const [form, setForm] = useState(() => written(inbox))
  const change = (part: Partial<Written>): void => setForm({ ...form, ...part })
  const sending = useSubmission(['name', 'greeting', 'origins'], () => {
    const origins = readOrigins(form.origins)
    return client.inboxes.change({
      params: { inbox: inbox.id },
      body: {
        name: form.name.trim(),
        team: form.team === 'everybody' ? null : form.team,
        greeting: form.greeting,
        origins: origins.ok ? origins.value : [],
        answerMinutes: readAnswers(form.answers).minutes,
      },
    })
  })
  const submit = async (): Promise<void> => {
    const origins = readOrigins(form.origins)
    const { wrong } = readAnswers(form.answers)
    const faults: Record<string, string> = {}
    if (!origins.ok) faults['origins'] = t('places.originWrong', { origin: origins.refusal })
    for (const urgency of wrong) faults[urgency] = t('app.errors.invalid_field')
    if (Object.keys(faults).length > 0) return sending.refuse(faults)
    const result = await sending.submit()
    if (result?.ok === true) notices.say({ text: t('ui.saved') })
  }
  return (
    <div className="pb-6">
      <Form onSubmit={() => void submit()} faults={sending.faults} fault={sending.fault}>
        <NameField
          label={t('places.name')}
          help={t('places.nameHelp')}
          value={form.name}
          onChange={(name) => change({ name })}
        />
        <TeamChoice value={form.team} onChange={(team) => change({ team })} />
        {inbox.medium === 'widget' && (
          <>
            <TextField
              name="greeting"
              rows={3}
              maxLength={limits.greetingCharsMax}
              label={t('places.greeting')}
              help={t('places.greetingHelp')}
              value={form.greeting}
              onChange={(greeting) => change({ greeting })}
            />
            <TextField
              name="origins"
              rows={3}
              label={t('places.origins')}
              help={t('places.originsHelp')}
              value={form.origins}
              onChange={(origins) => change({ origins })}
            />
          </>
        )}
        <AnswerTimes value={form.answers} onChange={(answers) => change({ answers })} />
        <div className="pt-2">
          <Button type="submit" kind="primary" isPending={sending.isPending}>
            {t('ui.save')}
          </Button>
        </div>
      </Form>
    </div>
  )
}

function TeamChoice(props: { value: Written['team']; onChange: (team: Written['team']) => void }) {
  const { t } = useTranslation()
  const held = useModel((model) => model.state.teams)
  const teams = Object.values(held).filter((team) => team !== undefined)
  return (
    <Select<Written['team']>
      label={t('places.team')}
      help={t('places.teamHelp')}
      value={props.value}
      onChange={props.onChange}
      options={[
        { id: 'everybody', text: t('places.everybody') },
        ...teams.map(({ id, name }) => ({ id, text: name })),
      ]}
    />
  )
}

function AnswerTimes(props: { value: Answers; onChange: (answers: Answers) => void }) {
  const { t } = useTranslation()
  const set = (urgency: Urgency, part: Partial<AnswerTime>): void => {
    const before = present(props.value[urgency], 'the time of an urgency')
    props.onChange({ ...props.value, [urgency]: { ...before, ...part } })
  }
  return (
    <fieldset>
      <legend className="font-medium">{t('places.answer')}</legend>
      <p className="pb-2 text-small text-soft">{t('places.answerHelp')}</p>
      <div className="grid w-fit grid-cols-[auto_6rem_8rem] items-start gap-x-3 gap-y-2">
        {urgencies.map((urgency) => {
          const name = t(`conversations.urgency.${urgency}`)
          const { amount, unit } = props.value[urgency]
          return (
            <div key={urgency} className="contents">
              <span className="py-2 pe-4" aria-hidden>
                {name}
              </span>
              <TextField
                name={urgency}
                labelHidden
                narrow
                label={`${t('places.answer')}: ${name}`}
                placeholder="–"
                inputMode="decimal"
                value={amount}
                onChange={(next) => set(urgency, { amount: next })}
              />
              <Select
                labelHidden
                label={`${t('places.unit')}: ${name}`}
                value={unit}
                onChange={(next) => set(urgency, { unit: next })}
                options={answerUnits.map((id) => ({ id, text: t(`places.${id}`) }))}
              />
            </div>
          )
        })}
      </div>
    </fieldset>
  )
}
