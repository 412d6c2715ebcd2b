import { idText } from '@fermata/base/ids'
import type { Result } from '@fermata/base/result'
import type { AppActor, MemberActor } from '@fermata/contract/actors'
import type { ContactView } from '@fermata/contract/contacts.schema'
import type { Refusal } from '@fermata/contract/errors'
import type { BearerLookup } from '../accounts/index.ts'
import type { Handlers } from '../handler.ts'
import {
  addContact,
  addVisitor,
  type ContactInput,
  type Visitor,
  type VisitorInput,
} from './actions.ts'
import type { ContactsDeps } from './deps.ts'
import { contactsHandlers, type ContactsRoute } from './http.ts'
import { contactByToken } from './store.sql.ts'

/** The room of contacts, put together. */
export interface ContactsRoom {
  readonly handlers: Handlers<ContactsRoute>
  /** Adds a contact whom a member or an app knows of. */
  add(caller: MemberActor | AppActor, input: ContactInput): Promise<Result<ContactView, Refusal>>
  /** Makes a visitor of the inbox whose widget carries this key. */
  addVisitor(key: string, input: VisitorInput): Promise<Result<Visitor, Refusal>>
}

/** Puts the room together. */
export function contactsRoom(deps: ContactsDeps): ContactsRoom {
  return {
    handlers: contactsHandlers(deps),
    add: (caller, input) => addContact(deps, caller, input),
    addVisitor: (key, input) => addVisitor(deps, key, input),
  }
}

/** Visitors' tokens, for the room of accounts, which knows all credentials. */
export const visitorTokens: BearerLookup = {
  prefix: 'fmv_',
  async find(tx, hash) {
    const row = await tx.get(contactByToken, { token_sha256: hash })
    if (row === undefined) return undefined
    return {
      caller: {
        kind: 'contact',
        workspace: idText('wsp', row.workspace),
        id: idText('ctc', row.id),
        name: row.name ?? '',
        inbox: idText('ibx', row.inbox),
      },
      expiresAt: null,
    }
  },
}
