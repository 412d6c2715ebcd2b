import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { idKind, type ActorId, type ContactId, type MemberId } from '@fermata/base/ids'
import type { ContactView } from '@fermata/contract/contacts.schema'
import type { Author } from '@fermata/contract/conversations.schema'
import { useModel } from '../../state/use-session.tsx'
import { visitorCode } from './visitor.ts'

/** What a contact is called: the name they gave, their address, or a lasting name of a visitor. */
export function useNameOf(): (contact: Pick<ContactView, 'id' | 'name' | 'email'>) => string {
  const { t } = useTranslation()
  return useCallback(
    ({ id, name, email }) => name ?? email ?? t('conversations.visitor', { code: visitorCode(id) }),
    [t],
  )
}

/** The names of contacts that are at hand, by their ids; those who are one person have one name. */
export function useContactName(): (id: ContactId) => string {
  const nameOf = useNameOf()
  const contacts = useModel((model) => model.state.contacts)
  return useCallback(
    (id) => {
      const own = contacts[id]
      const person = own?.person == null ? undefined : contacts[own.person]
      return nameOf(person ?? own ?? { id, name: null, email: null })
    },
    [contacts, nameOf],
  )
}

/** The names of whoever acts; null is Fermata itself. Mine is "You". */
export function useActorName(): (id: ActorId | null) => string {
  const { t } = useTranslation()
  const contactName = useContactName()
  const members = useModel((model) => model.state.members)
  const me = useModel((model) => model.state.me)
  return useCallback(
    (id) => {
      if (id === null) return t('conversations.system')
      if (id === me) return t('conversations.you')
      const kind = idKind(id)
      if (kind === 'ctc') return contactName(id as ContactId)
      if (kind === 'app') return t('conversations.app')
      return members[id as MemberId]?.name ?? t('conversations.somebody')
    },
    [members, me, contactName, t],
  )
}

/** The name of a message's author: the one they had then, or a visitor's lasting one. */
export function useAuthorName(): (author: Author) => string {
  const contactName = useContactName()
  return useCallback(
    (author) => {
      if (author.kind === 'contact') return contactName(author.id as ContactId)
      return author.name
    },
    [contactName],
  )
}
