import type { Kysely } from 'kysely'
import { limits } from '@fermata/base/limits'
import type { Dialect } from '@fermata/storage/port'
import type { Passwords } from './password.ts'

/** Asks the identity library whether somebody is who they say. */
export interface SignIn {
  /**
   * Whether the password is the one of this user (see {@link authUser}). It takes the same time
   * for a user who does not exist.
   */
  prove(user: string, password: string): Promise<boolean>
}

/** What signing in needs. */
export interface SignInDeps {
  readonly kysely: Kysely<unknown>
  readonly dialect: Dialect
  readonly passwords: Passwords
  /** The library's secret; it signs the library's cookies, which no browser gets. */
  readonly secret: string
}

/** A user whom nobody is, for addresses that nobody has. */
export const nobody = 'nobody'

/**
 * The address under which the library knows a member. It is not the member's own, because
 * the library wants each address once in the world and a person may belong to two workspaces.
 * The domain can never receive mail (RFC 2606 section 2).
 */
export function authAddress(user: string): string {
  return `${user}@member.invalid`
}

/** The names of the library's tables and columns, which our own migration makes. */
const names = {
  user: {
    modelName: 'auth_user',
    fields: { emailVerified: 'email_verified', createdAt: 'created_at', updatedAt: 'updated_at' },
  },
  account: {
    modelName: 'auth_account',
    fields: {
      accountId: 'account_id',
      providerId: 'provider_id',
      userId: 'user_id',
      accessToken: 'access_token',
      refreshToken: 'refresh_token',
      idToken: 'id_token',
      accessTokenExpiresAt: 'access_token_expires_at',
      refreshTokenExpiresAt: 'refresh_token_expires_at',
      createdAt: 'created_at',
      updatedAt: 'updated_at',
    },
  },
  session: {
    modelName: 'auth_session',
    fields: {
      expiresAt: 'expires_at',
      createdAt: 'created_at',
      updatedAt: 'updated_at',
      ipAddress: 'ip_address',
      userAgent: 'user_agent',
      userId: 'user_id',
    },
  },
  verification: {
    modelName: 'auth_verification',
    fields: { expiresAt: 'expires_at', createdAt: 'created_at', updatedAt: 'updated_at' },
  },
} as const

/**
 * The identity library, of which we ask one thing. It is loaded when somebody first signs in: it
 * takes a fifth of a second and 30 MB that a server which only serves open sessions does without.
 */
export function openSignIn(deps: SignInDeps): SignIn {
  let loaded: Promise<Prove> | undefined
  return {
    async prove(user, password) {
      loaded ??= load(deps)
      return (await loaded)(authAddress(user), password)
    },
  }
}

type Prove = (email: string, password: string) => Promise<boolean>

/** Loads the library as a library only: none of its routes is mounted. */
async function load({ kysely, dialect, passwords, secret }: SignInDeps): Promise<Prove> {
  const [{ betterAuth }, { APIError }] = await Promise.all([
    import('better-auth'),
    import('better-auth/api'),
  ])
  const auth = betterAuth({
    database: { db: kysely, type: dialect, transaction: true },
    secret,
    // Only ever a name: no request reaches the library and no link leaves it.
    baseURL: 'http://member.invalid',
    user: names.user,
    account: names.account,
    verification: names.verification,
    session: { ...names.session, expiresIn: limits.sessionMsMax / 1000 },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: limits.passwordCharsMin,
      maxPasswordLength: limits.passwordCharsMax,
      password: {
        hash: (password) => passwords.hash(password),
        verify: ({ hash, password }) => passwords.verify(hash, password),
      },
    },
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: { disabled: true },
    advanced: { database: { validateSchema: false } },
  })
  return async (email, password) => {
    try {
      await auth.api.signInEmail({ body: { email, password } })
      return true
    } catch (error) {
      if (error instanceof APIError && error.status === 'UNAUTHORIZED') return false
      throw error
    }
  }
}
