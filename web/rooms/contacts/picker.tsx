import { use, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ComboBox, ComboBoxStateContext } from 'react-aria-components/ComboBox'
import { Input } from 'react-aria-components/Input'
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox'
import { Popover } from 'react-aria-components/Popover'
import type { ContactId } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import type { ContactView } from '@fermata/contract/contacts.schema'
import { useModel, useSession } from '../../state/use-session.tsx'
import { tried } from '../../state/trouble.ts'
import { classes } from '../../ui/classes.ts'
import { FieldFoot, FieldLabel, inputLook } from '../../ui/field.tsx'
import { optionLook, popoverLook } from '../../ui/menu.tsx'
import { useNameOf } from './names.ts'

/** Somebody who was chosen, or words that may become somebody. */
export interface PickedContact {
  readonly text: string
  /** Null: nobody we know has been chosen. */
  readonly id: ContactId | null
}

/** Finds a contact among those at hand, or by the whole e-mail address. */
export function ContactPicker(props: {
  value: PickedContact
  onChange(value: PickedContact): void
}) {
  const { t } = useTranslation()
  const nameOf = useNameOf()
  const contacts = useContacts(props.value.text)
  const choose = (key: unknown): void => {
    const chosen = contacts.find(({ id }) => id === key)
    if (chosen) props.onChange({ id: chosen.id, text: nameOf(chosen) })
  }
  return (
    <ComboBox
      autoFocus
      isRequired
      allowsCustomValue
      name="contact"
      inputValue={props.value.text}
      onInputChange={(text) =>
        props.onChange(text === props.value.text ? props.value : { text, id: null })
      }
      value={props.value.id}
      onChange={choose}
      className="group/field flex flex-col gap-1.5"
    >
      <OffersLate />
      <FieldLabel>{t('conversations.compose.contact')}</FieldLabel>
      <Input
        placeholder={t('conversations.compose.contactPlaceholder')}
        maxLength={limits.emailCharsMax}
        className={classes(inputLook, 'h-9 coarse:h-11')}
      />
      <FieldFoot help={t('conversations.compose.contactHelp')} />
      <Popover offset={4} className={classes(popoverLook, 'min-w-(--trigger-width)')}>
        <ListBox items={contacts} className="outline-none">
          {(contact) => (
            <ListBoxItem
              id={contact.id}
              textValue={`${contact.name ?? ''} ${contact.email ?? ''} ${nameOf(contact)}`}
              className={optionLook}
            >
              <span className="truncate">{nameOf(contact)}</span>
              {contact.name !== null && contact.email !== null && (
                <span className="min-w-0 grow truncate text-end text-small text-soft">
                  {contact.email}
                </span>
              )}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  )
}

/** Offers those, too, who are found only after the last key was pressed: the list by itself opens at a key alone. */
function OffersLate() {
  const state = use(ComboBoxStateContext)
  /** The words for which the list was open; whoever has closed it does not want it again. */
  const offered = useRef('')
  useEffect(() => {
    if (state === null) return
    const { inputValue, isFocused, isOpen, value } = state
    if (isOpen || value !== null) offered.current = inputValue
    else if (isFocused && inputValue !== '' && inputValue !== offered.current) {
      state.open(null, 'input')
    }
  })
  return null
}

/** The contacts that are at hand, the newest, and whoever has the address that was typed. */
function useContacts(text: string): readonly ContactView[] {
  const { client } = useSession()
  const held = useModel((model) => model.state.contacts)
  const [fetched, setFetched] = useState<readonly ContactView[]>([])
  const email = /^\S+@\S+$/.test(text.trim()) ? text.trim() : ''
  useEffect(() => {
    let isWanted = true
    const query = email === '' ? { limit: 50 } : { email }
    void tried(() => client.contacts.list({ query })).then((result) => {
      if (!isWanted || !result.ok) return
      setFetched((before) => [...result.value.rows, ...before])
    })
    return () => {
      isWanted = false
    }
  }, [client, email])
  const all = new Map<string, ContactView>()
  for (const contact of [...fetched, ...Object.values(held)]) {
    if (contact !== undefined) all.set(contact.id, contact)
  }
  return [...all.values()].slice(0, 200)
}
