import assert from 'node:assert/strict'
import { createHash, createHmac } from 'node:crypto'
import { SignJWT } from 'jose'
import type { ContactActor, MemberActor } from '@fermata/contract/actors'
import type { InboxView } from '@fermata/contract/places.schema'
import { codeOf, got, newWorkspace, type World, type WorldTest } from '../rooms.world.ts'
import type { Brought } from './proof.ts'

interface Site {
  readonly owner: MemberActor
  readonly inbox: InboxView
  readonly secret: string
}

/** A workspace with a widget inbox, and what its host site knows. */
async function newSite(world: World, owner?: MemberActor): Promise<Site> {
  const of = owner ?? (await newWorkspace(world))
  const inbox = got(await world.places.add(of, { name: 'Shop', medium: 'widget' }))
  const secret = got(await world.call('inboxes.secret', of, { params: { inbox: inbox.id } }))
  return { owner: of, inbox, ...secret }
}

interface Visitor {
  readonly token: string
  readonly caller: ContactActor
}

async function whose(world: World, token: string): Promise<ContactActor> {
  const caller = await world.accounts.authenticate({ bearer: token })
  assert.ok(caller?.kind === 'contact')
  return caller
}

async function newVisitor(world: World, { inbox }: Site): Promise<Visitor> {
  const body = { timeZone: 'Europe/Rome', locale: 'it' }
  const made = await world.call('visitors.add', null, { params: { key: inbox.key }, body })
  const { token } = got(made)
  return { token, caller: await whose(world, token) }
}

function jwt(secret: string, sub: string, exp: number, claims = {}): Promise<string> {
  const key = new TextEncoder().encode(secret)
  return new SignJWT({ sub, exp, ...claims }).setProtectedHeader({ alg: 'HS256' }).sign(key)
}

function prove(world: World, { caller }: Visitor, body: Brought) {
  return world.call('identity.prove', caller, { body })
}

function hmac(secret: string, externalId: string): Brought {
  return { externalId, hmac: createHmac('sha256', secret).update(externalId).digest('hex') }
}

/** What visitors and proofs of identity promise. */
export function identityContract(test: WorldTest): void {
  test('a visitor is made for a widget, and their token is theirs in that inbox alone', async (world) => {
    const site = await newSite(world)
    const { token, caller } = await newVisitor(world, site)
    assert.match(token, /^fmv_[\w-]{43}$/)
    assert.deepEqual(caller, {
      kind: 'contact',
      workspace: site.owner.workspace,
      id: caller.id,
      name: '',
      inbox: site.inbox.id,
    })
    const params = { contact: caller.id }
    const seen = got(await world.call('contacts.get', site.owner, { params }))
    assert.deepEqual([seen.timeZone, seen.locale, seen.identifiedAt], ['Europe/Rome', 'it', null])
    const last = (await world.events(site.owner.workspace)).at(-1)!
    assert.deepEqual([last.type, last.actor], ['contact.added', caller.id])
    const api = got(await world.places.add(site.owner, { name: 'A', medium: 'api' }))
    for (const key of [api.key, 'fmw_none']) {
      const none = await world.call('visitors.add', null, { params: { key }, body: {} })
      assert.equal(codeOf(none), 'not_found')
    }
  })

  test('a visitor who proves who they are keeps their own record; proving it again writes nothing', async (world, clock) => {
    const site = await newSite(world)
    const visitor = await newVisitor(world, site)
    const claims = { name: 'Zoë', email: 'zoe@example.com' }
    const body = { jwt: await jwt(site.secret, '7', clock.now() / 1_000 + 60, claims) }
    const proven = got(await prove(world, visitor, body))
    assert.deepEqual(
      [proven.id, proven.externalId, proven.name, proven.email, proven.identifiedAt],
      [visitor.caller.id, '7', 'Zoë', 'zoe@example.com', clock.now()],
    )
    const events = await world.events(site.owner.workspace)
    assert.deepEqual([events.at(-1)!.type, events.at(-1)!.actor], ['contact.changed', proven.id])
    clock.advance(1_000)
    assert.deepEqual(got(await prove(world, visitor, body)), proven)
    assert.equal((await world.events(site.owner.workspace)).length, events.length)
    assert.equal((await whose(world, visitor.token)).name, 'Zoë')
    assert.deepEqual(world.merges, [])
  })

  test('a visitor who asks twice with a token of their own is made once, whoever they turn out to be', async (world) => {
    const site = await newSite(world)
    const token = `fmv_${createHash('sha256').update(site.inbox.id).digest('base64url')}`
    const ask = (key: string) =>
      world.call('visitors.add', null, { params: { key }, body: { token } })
    const before = (await world.events(site.owner.workspace)).length
    const [one, two] = await Promise.all([ask(site.inbox.key), ask(site.inbox.key)])
    assert.equal(got(one).token, token)
    assert.deepEqual(got(two), got(one))
    const caller = await whose(world, token)
    assert.equal(caller.id, got(one).contact.id)
    assert.equal((await world.events(site.owner.workspace)).length, before + 1)

    const known = got(await world.contacts.add(site.owner, { externalId: '7', name: 'Zoë' }))
    got(await prove(world, { token, caller }, hmac(site.secret, '7')))
    assert.equal(got(await ask(site.inbox.key)).contact.id, known.id)

    for (const other of [await newSite(world, site.owner), await newSite(world)]) {
      assert.equal(codeOf(await ask(other.inbox.key)), 'already_exists')
    }
  })

  test('a visitor whom the workspace knows becomes that contact, with token and all they said', async (world) => {
    const site = await newSite(world)
    const known = got(await world.contacts.add(site.owner, { externalId: '7', name: 'Zoë' }))
    const visitor = await newVisitor(world, site)
    const before = (await world.events(site.owner.workspace)).length
    world.merges.length = 0
    const proven = got(await prove(world, visitor, hmac(site.secret, '7')))
    assert.deepEqual([proven.id, proven.name, proven.timeZone], [known.id, 'Zoë', 'Europe/Rome'])
    const from = visitor.caller.id
    assert.deepEqual(world.merges, [{ workspace: site.owner.workspace, from, to: known.id }])
    const events = (await world.events(site.owner.workspace)).slice(before)
    assert.deepEqual(
      events.map(({ type, body }) => [type, (JSON.parse(body) as { contact: string }).contact]),
      [
        ['contact.changed', from],
        ['contact.changed', known.id],
      ],
    )
    for (const event of events) world.accounts.forget(event)
    assert.equal((await whose(world, visitor.token)).id, known.id)
    const params = { contact: from }
    assert.equal(got(await world.call('contacts.get', site.owner, { params })).id, known.id)
    const { rows } = got(await world.call('contacts.list', site.owner, { query: {} }))
    assert.deepEqual(
      rows.map(({ id }) => id),
      [known.id],
    )
    // The second tab of the same browser still asks as the visitor.
    assert.equal(got(await prove(world, visitor, hmac(site.secret, '7'))).id, known.id)
    assert.equal(world.merges.length, 1)
  })

  test('two visitors who prove to be the same new person at once end as one contact', async (world) => {
    const site = await newSite(world)
    const [a, b] = [await newVisitor(world, site), await newVisitor(world, site)]
    world.merges.length = 0
    const proof = hmac(site.secret, '7')
    const both = await Promise.all([prove(world, a, proof), prove(world, b, proof)])
    assert.equal(got(both[0]).id, got(both[1]).id)
    assert.equal(world.merges.length, 1)
  })

  test('a proof and a change by a member at once both hold', async (world) => {
    const site = await newSite(world)
    for (let i = 0; i < 10; i++) {
      const visitor = await newVisitor(world, site)
      const params = { contact: visitor.caller.id }
      const [proven, changed] = await Promise.all([
        prove(world, visitor, hmac(site.secret, `${i}`)),
        world.call('contacts.change', site.owner, { params, body: { email: 'a@example.com' } }),
      ])
      got(proven)
      got(changed)
      const now = got(await world.call('contacts.get', site.owner, { params }))
      assert.deepEqual([now.externalId, now.email], [`${i}`, 'a@example.com'])
    }
  })

  test('whoever is identified is never taken over, and takes over nobody', async (world) => {
    const site = await newSite(world)
    const [first, second] = [await newVisitor(world, site), await newVisitor(world, site)]
    got(await prove(world, first, hmac(site.secret, '7')))
    got(await prove(world, second, hmac(site.secret, '8')))
    world.merges.length = 0
    assert.equal(codeOf(await prove(world, first, hmac(site.secret, '8'))), 'conflict')
    assert.equal(codeOf(await prove(world, first, hmac(site.secret, '9'))), 'conflict')
    assert.deepEqual(world.merges, [])
    assert.equal((await whose(world, first.token)).id, first.caller.id)
    const params = { contact: first.caller.id }
    assert.equal(got(await world.call('contacts.get', site.owner, { params })).externalId, '7')
  })

  test('the secret of another inbox, a former secret and an expired token prove nothing', async (world, clock) => {
    const site = await newSite(world)
    const other = await newSite(world, site.owner)
    const visitor = await newVisitor(world, site)
    const exp = clock.now() / 1_000 + 60
    const renew = { params: { inbox: site.inbox.id } }
    const { secret } = got(await world.call('inboxes.renewSecret', site.owner, renew))
    const tries: Brought[] = [
      hmac(other.secret, '7'),
      hmac(site.secret, '7'),
      { jwt: await jwt(other.secret, '7', exp) },
      { jwt: await jwt(site.secret, '7', exp) },
      { jwt: await jwt(secret, '7', clock.now() / 1_000) },
    ]
    for (const body of tries)
      assert.equal(codeOf(await prove(world, visitor, body)), 'invalid_field')
    assert.equal(codeOf(await prove(world, visitor, hmac(secret, '7'))), 'ok')
  })

  test('an external id of one workspace is another person in the next', async (world) => {
    const [site, elsewhere] = [await newSite(world), await newSite(world)]
    const [a, b] = [await newVisitor(world, site), await newVisitor(world, elsewhere)]
    got(await prove(world, a, hmac(site.secret, '7')))
    world.merges.length = 0
    assert.equal(got(await prove(world, b, hmac(elsewhere.secret, '7'))).id, b.caller.id)
    assert.deepEqual(world.merges, [])
  })
}
