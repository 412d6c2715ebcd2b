import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { bytesOf, idsFrom, uuidv7Generator } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import type { Storage } from '@fermata/storage/port'
import { fakeClock } from '@fermata/testkit/clock'
import { sqliteGround } from '../rooms.world.ts'
import { auditMigrations, fromWithin } from '../audit/index.ts'
import { addMember, changeMember } from './actions.members.ts'
import { changePassword, startSession } from './actions.sessions.ts'
import { signIn } from './actions.sign-in.ts'
import { addWorkspace, openSetup, setUp, setupOpen, type SetupDeps } from './actions.setup.ts'
import { authentication } from './authentication.ts'
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
  storage = await ground.open([...auditMigrations, ...accountsMigrations], clock)
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
    onDeactivated: async () => {},
    fellowsOf: async () => [],
    codes: { take: () => ({ ok: true }) },
    resets: { take: () => ({ ok: true }) },
    invitations: { take: () => ({ ok: true }) },
    seal: { seal: (secret) => Buffer.from(secret), open: (sealed) => sealed.toString() },
    signIn: openSignIn({ kysely, dialect: storage.dialect, passwords, secret }),
  }
})
after(async () => {
  await storage.close()
  await ground.remove()
})

const password = 'held as long as you like'
const agent = 'a browser'
const stranger = { caller: null, address: '192.0.2.1', agent }

function newOwner(email: string) {
  return addWorkspace(deps, { workspace: 'W', name: 'O', email, password })
}

const first = { workspace: 'W', name: 'O', email: 'first@example.com', password }

test('a made-up link costs no hash, and one that runs out during the hash makes nothing', async () => {
  const madeUp = () => setUp(deps, stranger, { ...first, token: 'fmu_guess' })
  assert.equal(await workOf(madeUp), 0)
  const token = await openSetup(deps)
  assert.ok(token !== null)
  const late: Passwords = {
    ...deps.passwords,
    hash(given) {
      clock.advance(limits.setupLinkMs)
      return deps.passwords.hash(given)
    },
  }
  const made = await setUp({ ...deps, passwords: late }, stranger, { ...first, token })
  assert.ok(!made.ok)
  assert.deepEqual([made.refusal.code, made.refusal.field], ['invalid_field', 'body.token'])
  assert.ok(await storage.read(setupOpen))
})

test('an unknown, a deactivated and a known address cost one hash each', async () => {
  const owner = await newOwner('owner@example.com')
  const person = { name: 'D', email: 'gone@example.com', role: 'agent' as const, password }
  const gone = await addMember(deps, fromWithin(owner), person)
  assert.ok(gone.ok)
  await changeMember(deps, fromWithin(owner), gone.value.id, { active: false })
  const tried = (email: string) =>
    workOf(() => signIn(deps, stranger, { email, password: 'wrong' }))
  assert.equal(await tried('owner@example.com'), 1)
  assert.equal(await tried('gone@example.com'), 1)
  assert.equal(await tried('nobody@example.com'), 1)
})

test('whoever is deactivated while their password is checked is not signed in', async () => {
  const owner = await newOwner('second@example.com')
  const person = { name: 'R', email: 'raced@example.com', role: 'agent' as const, password }
  const raced = await addMember(deps, fromWithin(owner), person)
  assert.ok(raced.ok)
  const slow: SignIn = {
    async prove(user, given) {
      const proven = await deps.signIn.prove(user, given)
      await changeMember(deps, fromWithin(owner), raced.value.id, { active: false })
      return proven
    },
  }
  const started = await signIn({ ...deps, signIn: slow }, stranger, {
    email: person.email,
    password,
  })
  assert.ok(!started.ok)
  assert.equal(started.refusal.code, 'wrong_credentials')
})

test('whoever signs in by a password that is changed meanwhile is not signed in', async () => {
  const owner = await newOwner('fourth@example.com')
  const slow: SignIn = {
    async prove(user, given) {
      const proven = await deps.signIn.prove(user, given)
      await changePassword(deps, fromWithin(owner), {
        current: password,
        password: 'another password',
      })
      return proven
    },
  }
  const tried = { email: 'fourth@example.com', password }
  const started = await signIn({ ...deps, signIn: slow }, stranger, tried)
  assert.ok(!started.ok)
  assert.equal(started.refusal.code, 'wrong_credentials')
})

test('a session that a deactivated member got in a race opens nothing', async () => {
  const owner = await newOwner('third@example.com')
  const person = { name: 'L', email: 'late@example.com', role: 'agent' as const, password }
  const late = await addMember(deps, fromWithin(owner), person)
  assert.ok(late.ok)
  const { id } = late.value
  await changeMember(deps, fromWithin(owner), id, { active: false })
  const member = { workspace: bytesOf(owner.workspace), id: bytesOf(id), name: 'L', role: 'agent' }
  const { cookie } = await storage.write((tx) => startSession(tx, deps, member, agent))
  const { authenticate } = authentication(deps)
  assert.equal(await authenticate({ cookie }), null)
  await changeMember(deps, fromWithin(owner), id, { active: true })
  assert.equal(await authenticate({ cookie }), null, 'nor when they come back')
})

test('neither tokens nor passwords nor sessions of the library stay in the database', async () => {
  await newOwner('kept@example.com')
  const started = await signIn(deps, stranger, { email: 'kept@example.com', password })
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
