import type { Program, Programs } from '@fermata/people/accounts/index'
import type { Right } from '@fermata/wire/broker/rights'
import type { Doorkeeper, Identity } from '@fermata/wire/faces/kafka/identity'

const rightOf = {
  'topics:read': 'read',
  'topics:write': 'write',
  'topics:manage': 'manage',
} as const satisfies Record<string, Right>

/** Lets programs in by the tokens of their apps; what they may do are the app's scopes. */
export function doorkeeperOf(programs: Programs): Doorkeeper {
  return {
    async plain({ user, password }) {
      const program = await programs.byToken(password)
      return program?.app === user ? identityOf(program) : undefined
    },
    async scram({ user, hash }) {
      const { salt, iterations, keys } = await programs.keysOf(user, hash)
      return {
        salt,
        iterations,
        keys: keys.map(({ storedKey, serverKey, program }) => ({
          ...{ storedKey, serverKey },
          identity: identityOf(program),
        })),
      }
    },
    async still(credentials) {
      const found = await programs.still(credentials)
      return found.map((program) => program && identityOf(program))
    },
  }
}

function identityOf({ app, token, scopes, expiresAt }: Program): Identity {
  const held = scopes.flatMap((scope) =>
    Object.hasOwn(rightOf, scope) ? [rightOf[scope as keyof typeof rightOf]] : [],
  )
  return { name: app, credential: token, rights: { held, prefix: '' }, expiresAt }
}
