import { isDeepStrictEqual } from 'node:util'
import { ok, refused, type Result } from '@fermata/base/result'
import type { Broker } from '../../broker/broker.ts'
import { guardBroker } from '../../broker/guard.ts'
import { allRights, allows, type Right, type Rights } from '../../broker/rights.ts'
import type { ApiName } from './apis.ts'
import { errorCodes } from './errors.ts'
import type { Doorkeeper, Identity, ScramHash } from './identity.ts'
import { finish, readClientFirst, serverFirst, type Exchange } from './scram.ts'

// Who stands at the other end of one connection, and how they come to be known: KIP-12 (SASL), KIP-43 (the
// handshake), KIP-84 (SCRAM), KIP-152 (SaslAuthenticate), KIP-368 (doing it again).

/** What somebody must say to be let in, and what they get. */
export interface PassageOptions {
  readonly broker: Broker
  /** Absent: nobody can say who they are. */
  readonly doorkeeper?: Doorkeeper
  /** Who they are before they have said anything; absent where they must. */
  readonly initial?: Identity
  /** Whether what is said can be heard by nobody else, so that a password may be. */
  readonly isPrivate: boolean
  /** A text that nobody can guess, of letters and digits. */
  readonly newNonce: () => string
  /** Is waited for before the doorkeeper is asked. */
  readonly beforeAsking?: () => Promise<void>
}

/** One step of proving it. */
export interface Step {
  readonly token: Uint8Array
  /** Whether it is proved. */
  readonly isDone: boolean
}

/** One connection's way in. */
export interface Passage {
  /** Who this is, as far as they have said. */
  readonly identity: Identity | undefined
  /** What they can ask of the broker; another one once their rights have changed. */
  readonly broker: Broker
  /** Whether they may ask this at all before they have said who they are. */
  mayAsk(api: ApiName): boolean
  /** Whether they may do this with the topic, group or transaction of this name; without a name, with any at all. */
  may(right: Right | 'any', name?: string): boolean
  /** After the oldest handshake tokens come bare, in frames without a header. */
  readonly isRaw: boolean
  /** Chooses how to prove it. Answers an error code, and what there is to choose from. */
  handshake(mechanism: string, version: number): { errorCode: number; mechanisms: string[] }
  /** Takes the next token of the proof; a refusal ends the connection. */
  authenticate(token: Uint8Array): Promise<Result<Step, string>>
  /** They have said something wrong, and are to go. */
  readonly hasFailed: boolean
  /** What they may do is something else from now on. */
  renew(identity: Identity): void
}

const scramHashes: Readonly<Record<string, ScramHash>> = {
  'SCRAM-SHA-256': 'sha256',
  'SCRAM-SHA-512': 'sha512',
}

const beforeSignIn: readonly ApiName[] = ['ApiVersions', 'SaslHandshake', 'SaslAuthenticate']

/** Opens the way in for a connection. */
export function openPassage(options: PassageOptions): Passage {
  const { doorkeeper, isPrivate, newNonce } = options
  let identity = options.initial
  let broker = brokerFor(options.broker, identity)
  let mechanism: string | undefined
  let isRaw = false
  let exchange: Exchange | undefined
  let hasFailed = false

  const mechanisms =
    doorkeeper === undefined ? [] : [...Object.keys(scramHashes), ...(isPrivate ? ['PLAIN'] : [])]

  const enter = (found: Identity, token: string): Result<Step, string> => {
    // KIP-368: whoever says it again must be the same.
    if (identity?.credential != null && identity.name !== found.name) {
      return refused('a connection stays with its user')
    }
    identity = found
    broker = brokerFor(options.broker, found)
    mechanism = undefined
    isRaw = false
    return ok({ token: Buffer.from(token), isDone: true })
  }

  const begin = async (
    keeper: Doorkeeper,
    hash: ScramHash,
    token: Uint8Array,
  ): Promise<Result<Step, string>> => {
    const first = readClientFirst(token)
    if (!first.ok) return first
    const keys = await keeper.scram({ user: first.value.user, hash })
    const nonce = first.value.nonce + newNonce()
    const answer = serverFirst(nonce, keys)
    exchange = { hash, first: first.value, nonce, serverFirst: answer, keys }
    return ok({ token: Buffer.from(answer), isDone: false })
  }

  const next = async (token: Uint8Array): Promise<Result<Step, string>> => {
    if (doorkeeper === undefined || mechanism === undefined) {
      return refused('a mechanism is chosen first')
    }
    if (exchange === undefined) await options.beforeAsking?.()
    const hash = scramHashes[mechanism]
    if (hash === undefined) {
      const said = readPlain(token)
      const found = said && (await doorkeeper.plain(said))
      return found ? enter(found, '') : refused('user and password do not belong together')
    }
    if (exchange === undefined) return begin(doorkeeper, hash, token)
    const proved = finish(exchange, token)
    exchange = undefined
    return proved.ok ? enter(proved.value.identity, proved.value.token) : proved
  }

  return {
    get identity() {
      return identity
    },
    get broker() {
      return broker
    },
    get isRaw() {
      return isRaw
    },
    may(right, name) {
      const { held, prefix } = rightsOf(identity)
      return allows({ held, prefix: name === undefined ? '' : prefix }, name ?? '', right)
    },
    mayAsk: (api) => identity !== undefined || beforeSignIn.includes(api),
    handshake(wanted, version) {
      if (!mechanisms.includes(wanted)) {
        return { errorCode: errorCodes.UNSUPPORTED_SASL_MECHANISM, mechanisms }
      }
      mechanism = wanted
      exchange = undefined
      isRaw = version === 0
      return { errorCode: errorCodes.NONE, mechanisms }
    },
    get hasFailed() {
      return hasFailed
    },
    async authenticate(token) {
      const step = await next(token)
      if (!step.ok) hasFailed = true
      return step
    },
    renew(changed) {
      const isSame = isDeepStrictEqual(identity?.rights, changed.rights)
      identity = changed
      if (!isSame) broker = brokerFor(options.broker, changed)
    },
  }
}

/** Whoever may do everything is not watched. */
function brokerFor(broker: Broker, identity: Identity | undefined): Broker {
  const rights = rightsOf(identity)
  const isWhole = rights.prefix === '' && allRights.held.every((one) => rights.held.includes(one))
  return isWhole ? broker : guardBroker(broker, rights)
}

function rightsOf(identity: Identity | undefined): Rights {
  return identity?.rights ?? { held: [], prefix: '' }
}

/** RFC 4616: who one wants to be, who one is, and the password, with zero bytes between. */
function readPlain(token: Uint8Array): { user: string; password: string } | undefined {
  const parts = Buffer.from(token).toString('utf8').split('\0')
  const [as, user, password] = parts
  if (parts.length !== 3 || user === undefined || password === undefined) return undefined
  return as === '' || as === user ? { user, password } : undefined
}
