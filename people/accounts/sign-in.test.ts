import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { idsFrom, uuidv7Generator } from '@fermata/base/ids'
import type { Storage } from '@fermata/storage/port'
import { fakeClock } from '@fermata/testkit/clock'
import { sqliteGround } from '../rooms.world.ts'
import { addMember, changeMember } from './actions.members.ts'
import { signIn } from './actions.sessions.ts'
import { addWorkspace, type SetupDeps } from './actions.setup.ts'
import { accountsMigrations } from './migrations.ts'
import { openPasswords, type Passwords } from './password.ts'
import { openSignIn, type SignIn } from './sign-in.ts'

const random = (bytes: Uint8Array<ArrayBuffer>) => crypto.getRandomValues(bytes)
const clock = fakeClock()
const ground = sqliteGround()
const counts = { hash: 0, verify: 0 }
let storage: Storage
let deps: SetupDeps & { signIn: SignIn }

/** Real hashing that is counted: what costs time is what could tell who has an account. */
function counted(passwords: Passwords): Passwords {
  return {
    hash(password) {
      counts.hash += 1
      return passwords.hash(password)
    },
    verify(stored, password) {
      counts.verify += 1
      return passwords.verify(stored, password)
    },
  }
}

async function workOf(run: () => Promise<unknown>): Promise<number> {
  const hashed = counts.hash + counts.verify
  await run()
  return counts.hash + counts.verify - hashed
}

before(async () => {
  storage = await ground.open(accountsMigrations, clock)
  const passwords = counted(openPasswords(random, { ln: 10, r: 8, p: 1 }))
  const secret = 'a secret of the tests that nobody needs to guess 0123456789'
  const kysely = storage.kysely()
  deps = {
    storage,
    clock,
    random,
    secret,
    passwords,
    ids: idsFrom(uuidv7Generator(clock, random)),
    bearers: [],
    signIns: { take: () => ({ ok: true }) },
    onWorkspaceMade: async () => {},
    signIn: openSignIn({ kysely, dialect: storage.dialect, passwords, secret }),
  }
})
after(async () => {
  await storage.close()
  await ground.remove()
})

const password = 'held as long as you like'
const agent = 'a browser'

function newOwner(email: string) {
  return addWorkspace(deps, { workspace: 'W', name: 'O', email, password })
}

test('an unknown, a deactivated and a known address cost one hash each', async () => {
  const owner = await newOwner('owner@example.com')
  const person = { name: 'D', email: 'gone@example.com', role: 'agent' as const, password }
  const gone = await addMember(deps, owner, person)
  assert.ok(gone.ok)
  await changeMember(deps, owner, gone.value.id, { active: false })
  const tried = (email: string) => workOf(() => signIn(deps, { email, password: 'wrong', agent }))
  assert.equal(await tried('owner@example.com'), 1)
  assert.equal(await tried('gone@example.com'), 1)
  assert.equal(await tried('nobody@example.com'), 1)
})

test('whoever is deactivated while their password is checked is not signed in', async () => {
  const owner = await newOwner('second@example.com')
  const person = { name: 'R', email: 'raced@example.com', role: 'agent' as const, password }
  const raced = await addMember(deps, owner, person)
  assert.ok(raced.ok)
  const slow: SignIn = {
    async prove(user, given) {
      const proven = await deps.signIn.prove(user, given)
      await changeMember(deps, owner, raced.value.id, { active: false })
      return proven
    },
  }
  const started = await signIn({ ...deps, signIn: slow }, { email: person.email, password, agent })
  assert.ok(!started.ok)
  assert.equal(started.refusal.code, 'wrong_credentials')
})

test('neither tokens nor passwords nor sessions of the library stay in the database', async () => {
  await newOwner('kept@example.com')
  const started = await signIn(deps, { email: 'kept@example.com', password, agent })
  assert.ok(started.ok)
  const kysely = storage.kysely()
  const tables = await kysely.introspection.getTables()
  assert.ok(tables.length > 8)
  for (const { name } of tables) {
    const rows = await kysely
      .selectFrom(name as never)
      .selectAll()
      .execute()
    const text = JSON.stringify(rows)
    assert.ok(!text.includes(started.value.cookie), name)
    assert.ok(!text.includes(password), name)
    if (name === 'auth_session') assert.equal(text, '[]')
  }
})
