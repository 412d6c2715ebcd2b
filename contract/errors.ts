import type { AppId, MemberId, MessageId, WorkspaceId } from '@fermata/base/ids'
import type { DraftView } from './drafts.schema.ts'

/**
 * The register of refusals: every code that any door of Fermata answers, its HTTP status and what it
 * means. `docs/errors.md` is generated from it and tested against it.
 */
export const errors = {
  bad_request: { status: 400, text: 'The request is not understood; `field` names the part.' },
  invalid_field: { status: 400, text: 'A field has a wrong form; `field` names it.' },
  not_signed_in: { status: 401, text: 'Sign in, or send a token, first.' },
  wrong_credentials: {
    status: 401,
    text: 'This e-mail address and password do not belong together.',
  },
  code_needed: {
    status: 401,
    text: 'The password is right; send a code of the second factor with it.',
  },
  not_allowed: { status: 403, text: 'Your role does not allow this.' },
  scope_missing: { status: 403, text: "The app's token lacks the scope that `field` names." },
  origin_refused: { status: 403, text: 'Requests from this web page are not accepted here.' },
  not_found: { status: 404, text: 'There is no such thing, or you may not see it.' },
  wrong_method: {
    status: 405,
    text: 'This address takes other methods; the header Allow names them.',
  },
  conflict: { status: 409, text: 'It is not in a state that allows this; `message` says why.' },
  already_exists: { status: 409, text: 'Something with this `field` exists already.' },
  lease_held: { status: 409, text: 'Somebody else holds it; `holder` says who.' },
  lease_lost: { status: 409, text: 'Somebody has held it since; `holder` says who.' },
  draft_changed: {
    status: 409,
    text: 'This draft was changed since; `draft` is what it is now.',
  },
  draft_held: { status: 409, text: 'Somebody else is writing this draft; `holder` says who.' },
  already_sent: { status: 409, text: 'It was sent already; `sent` is the message.' },
  choose_workspace: {
    status: 409,
    text: 'The password is right in several workspaces; send one of `choices` with it.',
  },
  setup_closed: { status: 409, text: 'This server is already set up.' },
  wrong_protocol: { status: 412, text: 'This version of the tus protocol is not spoken here.' },
  too_large: { status: 413, text: 'The request is larger than `limit`.' },
  unsupported_media: { status: 415, text: 'Send JSON, with the content type application/json.' },
  range_beyond: { status: 416, text: 'There are fewer bytes: `limit` says how many.' },
  repeated_differently: {
    status: 422,
    text: 'This client id was already used for something else.',
  },
  limit_reached: {
    status: 422,
    text: 'A limit is reached; `field` names it, `limit` is its value.',
  },
  checksum_mismatch: {
    status: 460,
    text: 'The bytes do not come to the checksum that was sent with them; none was kept.',
  },
  too_many: { status: 429, text: 'Too often; try again after the time in Retry-After.' },
  internal: { status: 500, text: 'A fault of the server. It has been logged.' },
  unavailable: { status: 503, text: 'The server is starting, stopping or overloaded; try again.' },
  storage_full: { status: 507, text: 'The disk of the server is full; nothing was stored.' },
} as const satisfies Record<string, { status: number; text: string }>

/** A code of the register. */
export type ErrorCode = keyof typeof errors

/** A refusal as it travels: `{ error: Refusal }` is the body of every answer that is not 2xx. */
export interface Refusal {
  readonly code: ErrorCode
  /** Says in a sentence what is wrong and what to do. */
  readonly message: string
  /** Which part of the input is meant, as a path: `body.text`, `query.page`. */
  readonly field?: string
  /** The value of the limit that was met. */
  readonly limit?: number
  /** Of a too_many: after how many milliseconds to try again; HTTP says it as Retry-After. */
  readonly retryAfterMs?: number
  /** Of a choose_workspace: those to choose from. */
  readonly choices?: readonly { readonly id: WorkspaceId; readonly name: string }[]
  /** Of a lease_held or lease_lost: who holds it, or held it last; of a draft_held: who writes it. */
  readonly holder?: { readonly id: MemberId | AppId; readonly name: string }
  /** Of a draft_changed: what it is now; null when there is none. */
  readonly draft?: DraftView | null
  /** Of an already_sent: the message that it has become. */
  readonly sent?: MessageId
}

/** Makes a refusal; without a message it says the register's text. */
export function refusal(code: ErrorCode, details: Partial<Omit<Refusal, 'code'>> = {}): Refusal {
  return { code, ...details, message: details.message ?? errors[code].text }
}
