import { idText } from '@fermata/base/ids'
import type { BearerLookup } from '../accounts/index.ts'
import type { Handlers } from '../handler.ts'
import type { ContactsDeps } from './deps.ts'
import { contactsHandlers, type ContactsRoute } from './http.ts'
import { contactByToken } from './store.sql.ts'

/** The room of contacts, put together. */
export interface ContactsRoom {
  readonly handlers: Handlers<ContactsRoute>
}

/** Puts the room together. */
export function contactsRoom(deps: ContactsDeps): ContactsRoom {
  return { handlers: contactsHandlers(deps) }
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
