import { BadgeCheck, Ellipsis, Plus, Split, Star, Trash2, UserRoundPlus } from 'lucide-react'
import { useCallback, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ContactId } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import type { AddressView, CardView } from '@fermata/contract/addresses.schema'
import { addressKinds, type AddressKind } from '@fermata/contract/words'
import { useMay, useModel, useSession } from '../../state/use-session.tsx'
import { useSubmission } from '../../state/use-trouble.ts'
import { tried } from '../../state/trouble.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { Dialog, DialogBody } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/field.tsx'
import { Form } from '../../ui/form.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import { Select } from '../../ui/select.tsx'
import { useAct } from '../access/use-loaded.ts'
import { ContactPicker, type PickedContact } from './picker.tsx'
import { useNameOf } from './names.ts'

/** All that is known of a person, whichever contact of theirs is named; null until it is there. */
export function useCard(id: ContactId): {
  readonly value: CardView | null
  load(): Promise<void>
} {
  const { client } = useSession()
  const mayRead = useMay('contacts:read')
  // Whatever is told of the contact may have changed more than what it tells.
  const contact = useModel((model) => model.state.contacts[id])
  const [card, setCard] = useState<{ of: typeof contact; value: CardView } | null>(null)
  const load = useCallback(async () => {
    const result = await tried(() => client.contacts.card({ params: { contact: id } }))
    if (result.ok) setCard({ of: contact, value: result.value })
  }, [client, id, contact])
  useEffect(() => {
    if (mayRead) void load()
  }, [load, mayRead])
  return { value: card?.value ?? null, load }
}

/** Where a person is reached, and who they were merged with. */
export function Person(props: { card: CardView; onChange: () => void }) {
  return (
    <>
      <Addresses {...props} />
      <Joined {...props} />
    </>
  )
}

function Heading(props: { text: string }) {
  return <h3 className="min-w-0 grow truncate text-small font-medium text-soft">{props.text}</h3>
}

function Addresses({ card, onChange }: { card: CardView; onChange: () => void }) {
  const { t } = useTranslation()
  const mayWrite = useMay('contacts:write')
  const [isAdding, setAdding] = useState(false)
  return (
    <div className="flex flex-col gap-1">
      <div className="flex min-h-7 items-center">
        <Heading text={t('moves.address.title')} />
        {mayWrite && (
          <IconButton
            small
            icon={Plus}
            label={t('moves.address.add')}
            onPress={() => setAdding(true)}
          />
        )}
      </div>
      <ul className="flex flex-col">
        {card.addresses.map((address) => (
          <Address
            key={address.id}
            address={address}
            isAlone={card.addresses.filter(({ kind }) => kind === address.kind).length === 1}
            onChange={onChange}
          />
        ))}
      </ul>
      <Dialog title={t('moves.address.add')} isOpen={isAdding} onClose={() => setAdding(false)}>
        <DialogBody>
          <AddressForm
            contact={card.contact.id}
            onDone={() => {
              setAdding(false)
              onChange()
            }}
          />
        </DialogBody>
      </Dialog>
    </div>
  )
}

function Address(props: { address: AddressView; isAlone: boolean; onChange: () => void }) {
  const { id, contact, value, primary, verifiedAt } = props.address
  const { t } = useTranslation()
  const { client } = useSession()
  const mayWrite = useMay('contacts:write')
  const act = useAct()
  const params = { contact, address: id }
  const choose = async (key: unknown): Promise<void> => {
    if (key === 'prefer') {
      await act(() => client.addresses.prefer({ params }), t('moves.address.preferred'))
    } else await act(() => client.addresses.remove({ params }), t('moves.address.removed'))
    props.onChange()
  }
  return (
    <li className="flex min-h-7 items-center gap-2">
      <span className="min-w-0 truncate" dir="ltr">
        {value}
      </span>
      {verifiedAt !== null && (
        <BadgeCheck size={14} aria-label={t('moves.address.verified')} className="text-soft" />
      )}
      {primary && !props.isAlone && (
        <span className="shrink-0 text-small text-soft">{t('moves.address.first')}</span>
      )}
      <span className="grow" />
      {mayWrite && (
        <Menu
          label={t('moves.address.for', { value })}
          placement="bottom end"
          onAction={(key) => void choose(key)}
          trigger={<IconButton small icon={Ellipsis} label={t('moves.address.for', { value })} />}
        >
          {!primary && (
            <MenuItem id="prefer" icon={Star}>
              {t('moves.address.prefer')}
            </MenuItem>
          )}
          <MenuItem id="remove" icon={Trash2}>
            {t('moves.address.remove')}
          </MenuItem>
        </Menu>
      )}
    </li>
  )
}

function AddressForm(props: { contact: ContactId; onDone: () => void }) {
  const { t } = useTranslation()
  const { client } = useSession()
  const [kind, setKind] = useState<AddressKind>('email')
  const [value, setValue] = useState('')
  const sending = useSubmission(['value'], () =>
    client.addresses.add({
      params: { contact: props.contact },
      body: { kind, value: value.trim() },
    }),
  )
  const submit = async (): Promise<void> => {
    if ((await sending.submit())?.ok === true) props.onDone()
  }
  return (
    <Form onSubmit={() => void submit()} faults={sending.faults} fault={sending.fault}>
      <Select<AddressKind>
        label={t('moves.address.kind')}
        value={kind}
        onChange={setKind}
        options={addressKinds.map((id) => ({ id, text: t(`moves.address.${id}`) }))}
      />
      <TextField
        autoFocus
        isRequired
        name="value"
        type={kind === 'email' ? 'email' : 'tel'}
        label={t('moves.address.value')}
        maxLength={limits.emailCharsMax}
        value={value}
        onChange={setValue}
      />
      <div className="flex justify-end">
        <Button type="submit" kind="primary" isPending={sending.isPending}>
          {t('moves.address.addIt')}
        </Button>
      </div>
    </Form>
  )
}

function Joined({ card, onChange }: { card: CardView; onChange: () => void }) {
  const { t } = useTranslation()
  const { client } = useSession()
  const nameOf = useNameOf()
  const act = useAct()
  const [isMerging, setMerging] = useState(false)
  const mayMerge = useMay('contacts:merge')
  const done = (): void => {
    setMerging(false)
    onChange()
  }
  const merge = async (contact: ContactId, into: ContactId): Promise<void> => {
    const call = () => client.contacts.merge({ params: { contact }, body: { into } })
    if (await act(call, t('moves.person.done'))) done()
  }
  if (!mayMerge && card.joined.length === 0) return null
  return (
    <div className="flex flex-col gap-1">
      <div className="flex min-h-7 items-center">
        <Heading text={t('moves.person.title')} />
        {mayMerge && (
          <IconButton
            small
            icon={UserRoundPlus}
            label={t('moves.person.merge')}
            onPress={() => setMerging(true)}
          />
        )}
      </div>
      {card.joined.length === 0 && <p className="text-soft">{t('moves.person.alone')}</p>}
      <ul className="flex flex-col">
        {card.joined.map(({ id, contact }) => (
          <li key={id} className="flex min-h-7 items-center gap-2">
            <span className="min-w-0 grow truncate">{nameOf(contact)}</span>
            {mayMerge && (
              <IconButton
                small
                icon={Split}
                label={t('moves.person.undo', { name: nameOf(contact) })}
                onPress={() =>
                  void act(
                    () => client.unions.undo({ params: { union: id } }),
                    t('moves.person.undone'),
                  ).then(onChange)
                }
              />
            )}
          </li>
        ))}
      </ul>
      {mayMerge &&
        card.alike.map((other) => (
          <p key={other.id} className="flex flex-wrap items-center gap-x-2 text-soft">
            {t('moves.person.alike', { name: nameOf(other) })}
            <Button kind="quiet" onPress={() => void merge(other.id, card.contact.id)}>
              {t('moves.person.with', { name: nameOf(other) })}
            </Button>
          </p>
        ))}
      <Dialog
        title={t('moves.person.mergeTitle')}
        isOpen={isMerging}
        onClose={() => setMerging(false)}
      >
        <DialogBody>
          <MergeForm onMerge={(into) => void merge(card.contact.id, into)} />
        </DialogBody>
      </Dialog>
    </div>
  )
}

function MergeForm(props: { onMerge: (into: ContactId) => void }) {
  const { t } = useTranslation()
  const [picked, setPicked] = useState<PickedContact>({ text: '', id: null })
  const { id } = picked
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        if (id !== null) props.onMerge(id)
      }}
    >
      <p className="text-soft">{t('moves.person.mergeAbout')}</p>
      <ContactPicker value={picked} onChange={setPicked} />
      <div className="flex justify-end">
        <Button kind="primary" type="submit" isDisabled={id === null}>
          {t('moves.person.mergeIt')}
        </Button>
      </div>
    </form>
  )
}
