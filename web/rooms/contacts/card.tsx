import { BadgeCheck, Clock, Mail, Pencil, UserRound } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { ContactId } from '@fermata/base/ids'
import type { ContactView } from '@fermata/contract/contacts.schema'
import { useModel } from '../../state/use-session.tsx'
import { Avatar } from '../../ui/avatar.tsx'
import { IconButton } from '../../ui/button.tsx'
import { clockText, dateText } from '../../ui/time/format.ts'
import { useNow } from '../../ui/time/now.tsx'
import { useShown } from '../../ui/time/time.tsx'
import { isZone } from '../../ui/time/zone.ts'
import { ContactDialog } from './edit.tsx'
import { Person, useCard } from './person.tsx'
import { useContactName } from './names.ts'

/** Who the customer is, as far as that is known. */
export function ContactCard(props: { id: ContactId }) {
  const { t } = useTranslation()
  const contactName = useContactName()
  const shown = useShown()
  const now = useNow()
  const known = useModel((model) => model.state.contacts[props.id])
  const card = useCard(props.id)
  const contact = card.value?.contact ?? known
  const [isEditing, setEditing] = useState(false)
  const name = contactName(props.id)
  return (
    <section className="flex flex-col gap-3">
      <div className="flex items-center gap-3">
        <Avatar name={name} ours={false} size="large" />
        <div className="min-w-0 grow">
          <h2 className="truncate font-semibold">{name}</h2>
          {contact !== undefined && (
            <p className="text-small text-soft">
              {t('conversations.context.since', {
                date: dateText(contact.createdAt, now, shown),
              })}
            </p>
          )}
        </div>
        <IconButton
          small
          icon={Pencil}
          label={t('conversations.context.edit')}
          onPress={() => setEditing(true)}
        />
      </div>
      {contact !== undefined && (
        <>
          <Facts contact={contact} />
          {card.value !== null && <Person card={card.value} onChange={() => void card.load()} />}
          <ContactDialog contact={contact} isOpen={isEditing} onClose={() => setEditing(false)} />
        </>
      )}
    </section>
  )
}

function Facts(props: { contact: ContactView }) {
  const { contact } = props
  const { t } = useTranslation()
  const { locale } = useShown()
  const now = useNow()
  const zone = contact.timeZone
  const isKnown = contact.identifiedAt !== null
  return (
    <ul className="flex flex-col gap-1.5">
      <Fact icon={<Mail {...iconLook} />}>
        {contact.email === null ? (
          <span className="text-soft">{t('conversations.context.noEmail')}</span>
        ) : (
          <a
            href={`mailto:${contact.email}`}
            className="truncate text-accent underline decoration-accent/40 underline-offset-3 hover:decoration-accent"
          >
            {contact.email}
          </a>
        )}
      </Fact>
      {zone !== null && isZone(zone) && (
        <Fact icon={<Clock {...iconLook} />}>
          <span className="figures" title={zone}>
            {t('conversations.context.localTime', { time: clockText(now, { locale, zone }) })}
          </span>
        </Fact>
      )}
      <Fact icon={isKnown ? <BadgeCheck {...iconLook} /> : <UserRound {...iconLook} />}>
        {t(isKnown ? 'conversations.context.identified' : 'conversations.context.visitor')}
      </Fact>
      {contact.externalId !== null && (
        <Fact icon={<span className="w-4 text-center text-soft">#</span>}>
          <span className="figures truncate">{contact.externalId}</span>
        </Fact>
      )}
    </ul>
  )
}

const iconLook = {
  'aria-hidden': true,
  size: 16,
  strokeWidth: 1.75,
  className: 'shrink-0 text-soft',
} as const

function Fact(props: { icon: ReactNode; children: ReactNode }) {
  return (
    <li className="flex min-w-0 items-center gap-2.5">
      {props.icon}
      {props.children}
    </li>
  )
}
