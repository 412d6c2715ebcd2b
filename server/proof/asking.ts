import type { Answer } from '@fermata/contract/routes.schema'
import type { RouteName } from '@fermata/contract/routes'

/** Headers by which a request is somebody's. */
export type Credentials = Readonly<Record<string, string>>

/** An answer as it came. */
export interface Answered {
  readonly status: number
  readonly headers: Headers
  /** The parsed body where it is JSON, its text otherwise. */
  readonly body: unknown
}

/** A body as it travels: bytes as they are, anything else as JSON. */
function bodyOf(body: unknown): Pick<RequestInit, 'body'> & { type?: Record<string, string> } {
  if (body === undefined) return {}
  if (body instanceof Uint8Array) return { body: new Uint8Array(body) }
  return { body: JSON.stringify(body), type: { 'content-type': 'application/json' } }
}

/** Asks a server; `body` is sent as JSON, unless it is bytes. Throws when the connection is lost. */
export async function ask(
  url: string,
  request: string,
  credentials: Credentials,
  body?: unknown,
): Promise<Answered> {
  const [method = 'GET', path = '/'] = request.split(' ')
  const { type, ...sent } = bodyOf(body)
  const answer = await fetch(url + path, {
    method,
    headers: {
      ...credentials,
      // A cookie counts only when it comes from a page of the server itself.
      ...('cookie' in credentials ? { origin: url } : {}),
      ...type,
    },
    ...sent,
  })
  const text = await answer.text()
  const isJson = (answer.headers.get('content-type') ?? '').includes('json')
  const parsed: unknown = isJson && text !== '' ? JSON.parse(text) : text
  return { status: answer.status, headers: answer.headers, body: parsed }
}

/** Asks, and throws unless the answer is a success. */
export async function mustAsk<N extends RouteName>(
  url: string,
  request: string,
  credentials: Credentials,
  body?: unknown,
): Promise<Answer<N>> {
  const answer = await ask(url, request, credentials, body)
  if (answer.status < 200 || answer.status > 299) {
    throw new Error(`${request} was answered ${answer.status}: ${JSON.stringify(answer.body)}`)
  }
  return answer.body as Answer<N>
}

/** The credentials of an app or of a visitor. */
export function bearer(token: string): Credentials {
  return { authorization: `Bearer ${token}` }
}

/** Signs a member in; answers the credentials of the session. */
export async function signIn(
  url: string,
  who: { readonly email: string; readonly password: string },
): Promise<Credentials> {
  const { status, headers, body } = await ask(url, 'POST /v1/sessions', { origin: url }, who)
  const cookie = headers.getSetCookie()[0]?.split(';')[0]
  if (status !== 200 || cookie === undefined) {
    throw new Error(`no sign-in: ${status} ${JSON.stringify(body)}`)
  }
  return { cookie }
}
