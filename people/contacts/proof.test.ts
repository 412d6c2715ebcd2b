import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import { CompactSign, UnsecuredJWT } from 'jose'
import { limits } from '@fermata/base/limits'
import { checkProof, type Brought } from './proof.ts'

const now = 1_800_000_000_000
const soon = now / 1_000 + 60
const secret = 'fmi_0123456789012345678901234567890123456789012'

async function signed(
  claims: unknown,
  header: { alg: string } & Record<string, unknown> = { alg: 'HS256' },
  key: string = secret,
): Promise<Brought> {
  const payload = new TextEncoder().encode(JSON.stringify(claims))
  const signer = new CompactSign(payload).setProtectedHeader(header)
  return { jwt: await signer.sign(new TextEncoder().encode(key)) }
}

function hmac(externalId: string, key = secret): string {
  return createHmac('sha256', key).update(externalId).digest('hex')
}

/** What is wrong with a proof, or undefined. */
async function wrong(brought: Brought): Promise<string | undefined> {
  const checked = await checkProof(brought, secret, now)
  return checked.ok ? undefined : `${checked.refusal.code} ${checked.refusal.message}`
}

test('a token signed with the secret proves who, and what it says of them', async () => {
  const claims = { sub: 'user 7', exp: soon, name: 'Zoë', email: 'zoe@example.com', iat: 1 }
  assert.deepEqual(await checkProof(await signed(claims), secret, now), {
    ok: true,
    value: { externalId: 'user 7', name: 'Zoë', email: 'zoe@example.com', factsSigned: true },
  })
  assert.deepEqual(await checkProof(await signed({ sub: '7', exp: soon }), secret, now), {
    ok: true,
    value: { externalId: '7', name: null, email: null, factsSigned: true },
  })
})

test('a token of another secret, another algorithm or none proves nothing', async () => {
  const claims = { sub: '7', exp: soon }
  const jwt = (await signed(claims)) as { jwt: string }
  assert.equal(await wrong(jwt), undefined)
  const [head, , mac] = jwt.jwt.split('.')
  const other = Buffer.from(JSON.stringify({ sub: '8', exp: soon })).toString('base64url')
  const none = new UnsecuredJWT(claims).encode()
  const bad: Brought[] = [
    await signed(claims, { alg: 'HS256' }, `${secret.slice(0, -1)}x`),
    await signed(claims, { alg: 'HS512' }, secret.repeat(2)),
    await signed(claims, { alg: 'HS512' }),
    { jwt: none },
    { jwt: `${none}${mac}` },
    { jwt: `${head}.${other}.${mac}` },
    { jwt: `${head}.${jwt.jwt.split('.')[1]}.` },
    { jwt: 'not a token' },
    { jwt: '..' },
  ]
  for (const brought of bad)
    assert.match((await wrong(brought)) ?? 'fine', /no JWT signed by HS256/)
})

test('a header that wants something we do not know is refused', async () => {
  const brought = await signed({ sub: '7', exp: soon })
  const [, payload] = (brought as { jwt: string }).jwt.split('.')
  const header = Buffer.from(JSON.stringify({ alg: 'HS256', crit: ['x'], x: 1 })).toString(
    'base64url',
  )
  const mac = createHmac('sha256', secret).update(`${header}.${payload}`).digest('base64url')
  assert.match((await wrong({ jwt: `${header}.${payload}.${mac}` })) ?? 'fine', /no JWT/)
})

test('a token must end, must not have ended, and must end within a day', async () => {
  const last = Math.floor((now + limits.identityTokenMsMax) / 1_000)
  assert.equal(await wrong(await signed({ sub: '7', exp: last })), undefined)
  assert.match((await wrong(await signed({ sub: '7', exp: last + 1 })))!, /too far ahead/)
  assert.match((await wrong(await signed({ sub: '7', exp: now / 1_000 })))!, /has expired/)
  assert.match((await wrong(await signed({ sub: '7' })))!, /lacks the claim `exp`/)
  assert.match((await wrong(await signed({ sub: '7', exp: `${soon}` })))!, /lacks the claim `exp`/)
  assert.match((await wrong(await signed({ sub: '7', exp: soon, nbf: soon })))!, /not valid yet/)
  assert.equal(await wrong(await signed({ sub: '7', exp: soon, nbf: now / 1_000 })), undefined)
})

test('a token names one person, and what it says must be what a contact can hold', async () => {
  for (const sub of [undefined, '', 7, null, ['7'], 'x'.repeat(201), 'a\nb', 'a\u0000']) {
    assert.match((await wrong(await signed({ sub, exp: soon }))) ?? 'fine', /claim `sub`/)
  }
  const about = (facts: object) => signed({ sub: '7', exp: soon, ...facts })
  assert.match((await wrong(await about({ name: '\n' }))) ?? 'fine', /claim `name`/)
  assert.match((await wrong(await about({ name: { first: 'Z' } }))) ?? 'fine', /claim `name`/)
  assert.match((await wrong(await about({ email: 'nowhere' }))) ?? 'fine', /claim `email`/)
  for (const claims of [null, 7, 'text', []]) {
    assert.notEqual(await wrong(await signed(claims)), undefined)
  }
})

test('an HMAC of the external id proves who, but not what is told beside it', async () => {
  const brought = { externalId: 'user 7', hmac: hmac('user 7'), name: 'Zoë' }
  assert.deepEqual(await checkProof(brought, secret, now), {
    ok: true,
    value: { externalId: 'user 7', name: 'Zoë', email: null, factsSigned: false },
  })
})

test('an HMAC of another id, of another secret, or cut short proves nothing', async () => {
  const mac = hmac('user 7')
  const bad: Brought[] = [
    { externalId: 'user 8', hmac: mac },
    { externalId: 'user 7', hmac: hmac('user 7', 'another secret') },
    { externalId: 'user 7', hmac: '' },
    { externalId: 'user 7', hmac: mac.slice(0, 62) },
    { externalId: 'user 7', hmac: `${mac}00` },
  ]
  for (const brought of bad) assert.match((await wrong(brought)) ?? 'fine', /HMAC was not made/)
})
