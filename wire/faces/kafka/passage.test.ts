import assert from 'node:assert/strict'
import { createHash, createHmac, pbkdf2Sync } from 'node:crypto'
import { test } from 'node:test'
import { memoryBroker } from '../../broker/broker.world.ts'
import { allRights } from '../../broker/rights.ts'
import { errorCodes } from './errors.ts'
import type { Doorkeeper, Identity } from './identity.ts'
import { openPassage, type Passage } from './passage.ts'

const identityOf = (name: string): Identity => ({
  ...{ name, credential: `${name}-token`, rights: allRights, expiresAt: null },
})

/** The exchange of RFC 7677 section 3, whose user is "user" and whose password is "pencil". */
const rfc = {
  salt: Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64'),
  nonce: '%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0',
  clientFirst: 'n,,n=user,r=rOprNGfwEbeRWgbNEkqO',
  serverFirst:
    'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096',
  clientFinal:
    'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,' +
    'p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=',
  serverFinal: 'v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=',
}

function keyOf(password: string) {
  const salted = pbkdf2Sync(password, rfc.salt, 4_096, 32, 'sha256')
  const clientKey = createHmac('sha256', salted).update('Client Key').digest()
  const storedKey = createHash('sha256').update(clientKey).digest()
  const serverKey = createHmac('sha256', salted).update('Server Key').digest()
  return { storedKey, serverKey, identity: identityOf('user') }
}

const doorkeeper: Doorkeeper = {
  plain: async ({ user, password }) => (password === 'pencil' ? identityOf(user) : undefined),
  scram: async ({ user }) => ({
    ...{ salt: rfc.salt, iterations: 4_096 },
    keys: user === 'user' ? [keyOf('another one'), keyOf('pencil')] : [],
  }),
  still: async () => [],
}

async function open(isPrivate = true): Promise<Passage> {
  const { broker } = await memoryBroker()
  return openPassage({ broker, doorkeeper, isPrivate, newNonce: () => rfc.nonce })
}

async function say(passage: Passage, text: string): Promise<string> {
  const step = await passage.authenticate(Buffer.from(text))
  return step.ok ? Buffer.from(step.value.token).toString() : `refused: ${step.refusal}`
}

void test('RFC 7677 section 3: the exchange goes as the example does', async () => {
  const passage = await open()
  passage.handshake('SCRAM-SHA-256', 1)
  assert.equal(await say(passage, rfc.clientFirst), rfc.serverFirst)
  assert.equal(passage.mayAsk('Metadata'), false)
  assert.equal(await say(passage, rfc.clientFinal), rfc.serverFinal)
  assert.equal(passage.identity?.name, 'user')
})

void test('a proof that is wrong, strange or replayed lets nobody in', async () => {
  const wrong = rfc.clientFinal.replace('p=d', 'p=e')
  const bound = rfc.clientFinal.replace('c=biws', 'c=eSws')
  const other = rfc.clientFinal.replace('k0,', 'k1,')
  for (const final of [wrong, bound, other, rfc.clientFirst, '', 'c=biws']) {
    const passage = await open()
    passage.handshake('SCRAM-SHA-256', 1)
    await say(passage, rfc.clientFirst)
    assert.match(await say(passage, final), /^refused/)
    assert.ok(passage.hasFailed && passage.identity === undefined)
  }
  for (const first of [
    '',
    'n,,r=x',
    'p=tls-unique,,n=user,r=x',
    'n,a=bob,n=user,r=x',
    'n,,n==,r=x',
  ]) {
    const passage = await open()
    passage.handshake('SCRAM-SHA-256', 1)
    assert.match(await say(passage, first), /^refused/, first)
  }
  const nobody = await open()
  nobody.handshake('SCRAM-SHA-256', 1)
  const asked = await say(nobody, 'n,,n=nobody,r=x')
  assert.match(asked, /^r=x.*,s=.*,i=4096$/, 'whoever there is not looks like anybody')
})

void test('a password is said only where nobody else hears it, and by nobody who stays somebody else', async () => {
  const heard = await open(false)
  const offered = heard.handshake('PLAIN', 1)
  assert.equal(offered.errorCode, errorCodes.UNSUPPORTED_SASL_MECHANISM)
  assert.deepEqual(offered.mechanisms, ['SCRAM-SHA-256', 'SCRAM-SHA-512'])
  assert.match(await say(heard, '\0user\0pencil'), /^refused/)

  const passage = await open()
  assert.match(await say(passage, '\0user\0pencil'), /^refused/, 'a mechanism is chosen first')
  for (const token of ['\0user\0pen', 'bob\0user\0pencil', 'user\0pencil', '']) {
    passage.handshake('PLAIN', 1)
    assert.match(await say(passage, token), /^refused/, JSON.stringify(token))
  }
  assert.equal(passage.mayAsk('Metadata'), false)
  passage.handshake('PLAIN', 1)
  assert.equal(await say(passage, 'user\0user\0pencil'), '')
  assert.equal(passage.mayAsk('Metadata'), true)
  passage.handshake('PLAIN', 1)
  assert.equal(await say(passage, '\0user\0pencil'), '', 'KIP-368: again')
  passage.handshake('PLAIN', 1)
  assert.match(await say(passage, '\0bob\0pencil'), /^refused/, 'KIP-368: not as somebody else')
})

void test('after the oldest handshake tokens come bare until it is proved', async () => {
  const passage = await open()
  passage.handshake('PLAIN', 0)
  assert.equal(passage.isRaw, true)
  await say(passage, '\0user\0pencil')
  assert.equal(passage.isRaw, false)
})
