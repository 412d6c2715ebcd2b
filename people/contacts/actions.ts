import { bytesOf, idText, type ContactId } from '@fermata/base/ids'
import { ok, refused, type Result } from '@fermata/base/result'
import type { AppActor, ContactActor, MemberActor } from '@fermata/contract/actors'
import type { ContactView } from '@fermata/contract/contacts.schema'
import { refusal, type Refusal } from '@fermata/contract/errors'
import type { ReadTx, WriteTx } from '@fermata/storage/port'
import { present } from '@fermata/base/assert'
import { emailKey, lockWorkspace, newToken, tokenHash } from '../accounts/index.ts'
import { emit } from '../event.ts'
import { contactRow } from './access.ts'
import { rehomeAddresses } from './addresses.sql.ts'
import { claimEmail } from './claim.ts'
import { identify, type Facts, type Identified, type Proof } from './contact.ts'
import type { ContactsDeps } from './deps.ts'
import { checkProof, type Brought } from './proof.ts'
import { rejoin } from './rejoin.ts'
import {
  contactByExternalId,
  contactByToken,
  insertContact,
  insertVisit,
  mergeContact,
  rebindVisits,
  updateContact,
} from './store.sql.ts'
import type { ContactTable } from './tables.ts'
import { contactView, stateOf } from './views.ts'

/** A visitor who has just come; of the token only a hash is kept. */
export interface Visitor {
  readonly token: string
  readonly contact: ContactView
}

/** What a browser tells of its user before a word is said. */
export interface VisitorInput {
  /** Their token, if they have made it themselves; otherwise one is made. */
  readonly token?: string
  readonly timeZone?: string
  readonly locale?: string
}

/** What a member or an app knows of a contact. */
export interface ContactInput {
  readonly name?: string
  readonly email?: string
  readonly externalId?: string
}

/**
 * Makes a visitor of the inbox whose widget carries this key. A token that is known there already is
 * that visitor's, who missed the answer; one of another inbox is refused with `already_exists`.
 */
export async function addVisitor(
  deps: ContactsDeps,
  key: string,
  input: VisitorInput,
): Promise<Result<Visitor, Refusal>> {
  const token = input.token ?? newToken('fmv_', deps.random)
  const hash = tokenHash(token)
  const id = deps.ids.next('ctc')
  return deps.storage.write(async (tx): Promise<Result<Visitor, Refusal>> => {
    const found = await deps.widgetInbox(tx, key)
    if (found === undefined) return refused(refusal('not_found'))
    const workspace = bytesOf(found.workspace)
    if (input.token !== undefined) {
      // The same token may come twice at once.
      await lockWorkspace(tx, workspace)
      const visit = await tx.get(contactByToken, { token_sha256: hash })
      if (visit !== undefined) {
        const isHere = idText('ibx', visit.inbox) === found.inbox
        if (!isHere) return refused(refusal('already_exists', { field: 'body.token' }))
        const row = await contactRow(tx, found.workspace, visit.id)
        return ok({ token, contact: contactView(present(row, 'the contact of a visit')) })
      }
    }
    const at = deps.clock.now()
    const facts = {
      name: null,
      email: null,
      timeZone: input.timeZone ?? null,
      locale: input.locale ?? null,
    }
    const row = newContact({ workspace, id, facts, externalId: null, at })
    await tx.run(insertContact, row)
    await tx.run(insertVisit, {
      workspace,
      id: bytesOf(deps.ids.next('vis')),
      contact: row.id,
      inbox: bytesOf(found.inbox),
      token_sha256: hash,
      created_at: at,
    })
    tellOf(tx, 'contact.added', row, { at, actor: id })
    return ok({ token, contact: contactView(row) })
  })
}

/** Adds a contact whom a member or an app knows of. An external id makes them identified. */
export async function addContact(
  deps: ContactsDeps,
  caller: MemberActor | AppActor,
  input: ContactInput,
): Promise<Result<ContactView, Refusal>> {
  const workspace = bytesOf(caller.workspace)
  const id = deps.ids.next('ctc')
  return deps.storage.write(async (tx): Promise<Result<ContactView, Refusal>> => {
    const externalId = input.externalId ?? null
    if (externalId !== null) {
      await lockWorkspace(tx, workspace)
      const taken = await tx.get(contactByExternalId, { workspace, external_id: externalId })
      if (taken !== undefined) {
        return refused(refusal('already_exists', { field: 'body.externalId' }))
      }
    }
    const at = deps.clock.now()
    const told = { name: input.name ?? null, email: input.email ?? null }
    const facts = { ...told, timeZone: null, locale: null }
    const row = newContact({ workspace, id, facts, externalId, at })
    await tx.run(insertContact, row)
    await claimEmail(tx, deps.ids, row, { at })
    tellOf(tx, 'contact.added', row, { at, actor: caller.id })
    return ok(contactView(row, 'ours'))
  })
}

/** Changes a contact's name or e-mail address; null takes it away. */
export async function changeContact(
  deps: ContactsDeps,
  caller: MemberActor | AppActor,
  id: ContactId,
  change: { readonly name?: string | null; readonly email?: string | null },
): Promise<Result<ContactView, Refusal>> {
  return deps.storage.write(async (tx): Promise<Result<ContactView, Refusal>> => {
    // What is read here is written back whole, so that nobody may prove an identity in between.
    await lockWorkspace(tx, bytesOf(caller.workspace))
    const row = await contactRow(tx, caller.workspace, bytesOf(id))
    if (row === undefined) return refused(refusal('not_found'))
    const facts = { ...stateOf(row), ...change }
    if (facts.name === row.name && facts.email === row.email) return ok(contactView(row, 'ours'))
    const at = deps.clock.now()
    const after = await saveFacts(tx, row, facts)
    await claimEmail(tx, deps.ids, after, { at })
    tellOf(tx, 'contact.changed', after, { at, actor: caller.id })
    return ok(contactView(after, 'ours'))
  })
}

/**
 * Identifies a visitor by what their host site signed. Somebody whom the workspace knows already gets
 * the visitor's tokens and what they said; see `identify` for who may become whom.
 */
export async function proveIdentity(
  deps: ContactsDeps,
  caller: ContactActor,
  brought: Brought,
): Promise<Result<ContactView, Refusal>> {
  const { storage, clock } = deps
  const secret = await storage.read((tx) => deps.identitySecret(tx, caller.workspace, caller.inbox))
  const proof = await checkProof(brought, secret, clock.now())
  if (!proof.ok) return proof
  // Every page load of a host site proves it again, so that the usual case must not cost a write.
  const seen = await storage.read((tx) => consider(tx, caller, proof.value))
  if (!seen.ok) return seen
  const { visitor, decision } = seen.value
  if (decision.type === 'same' && !decision.changed) return ok(contactView(visitor))
  return storage.write(async (tx): Promise<Result<ContactView, Refusal>> => {
    await lockWorkspace(tx, bytesOf(caller.workspace))
    const considered = await consider(tx, caller, proof.value)
    if (!considered.ok) return considered
    return ok(contactView(await carryOut(tx, deps, considered.value)))
  })
}

interface Considered {
  readonly visitor: ContactTable
  readonly known: ContactTable | undefined
  readonly proof: Proof
  readonly decision: Identified
}

async function consider(
  tx: ReadTx,
  caller: ContactActor,
  proof: Proof,
): Promise<Result<Considered, Refusal>> {
  const found = await contactRow(tx, caller.workspace, bytesOf(caller.id))
  const visitor = present(found, 'the contact of a visitor')
  const asked = { workspace: bytesOf(caller.workspace), external_id: proof.externalId }
  const known = await tx.get(contactByExternalId, asked)
  const decided = identify(stateOf(visitor), known === undefined ? known : stateOf(known), proof)
  return decided.ok ? ok({ visitor, known, proof, decision: decided.value }) : decided
}

async function carryOut(
  tx: WriteTx,
  deps: ContactsDeps,
  { visitor, known, proof, decision }: Considered,
): Promise<ContactTable> {
  const at = deps.clock.now()
  const { facts } = decision
  if (decision.type === 'merged') {
    const person = present(known, 'the contact to merge into')
    await merge(tx, deps, visitor, person, at)
    const after = await saveFacts(tx, person, facts)
    if (proof.factsSigned) await claimEmail(tx, deps.ids, after, { at, isProven: true })
    tellOf(tx, 'contact.changed', after, { at, actor: idText('ctc', person.id) })
    return after
  }
  const named = decision.type === 'named'
  const row = named ? { ...visitor, external_id: proof.externalId, identified_at: at } : visitor
  const after = await saveFacts(tx, row, facts)
  if (proof.factsSigned) await claimEmail(tx, deps.ids, after, { at, isProven: true })
  tellOf(tx, 'contact.changed', after, { at, actor: idText('ctc', visitor.id) })
  return after
}

/** Gives a visitor's tokens and conversations to the person they are. */
async function merge(
  tx: WriteTx,
  deps: ContactsDeps,
  visitor: ContactTable,
  person: ContactTable,
  at: number,
): Promise<void> {
  const { workspace } = visitor
  await tx.run(rehomeAddresses, { workspace, from: visitor.id, to: person.id })
  await tx.run(rebindVisits, { workspace, from: visitor.id, to: person.id })
  const others = await rejoin(tx, visitor, person, at)
  await tx.run(mergeContact, { workspace, id: visitor.id, into: person.id, at })
  await deps.onIdentified(tx, {
    workspace: idText('wsp', workspace),
    from: idText('ctc', visitor.id),
    to: idText('ctc', person.id),
  })
  // Whoever listens as the visitor learns that the visitor is no more.
  tellOf(tx, 'contact.changed', visitor, { at, actor: idText('ctc', person.id) })
  // Members alone are told whom they joined to whom.
  for (const { id } of others) {
    const body = { contact: idText('ctc', id) }
    emit(tx, { workspace, at, actor: null, type: 'contact.changed', body })
  }
}

async function saveFacts(tx: WriteTx, row: ContactTable, facts: Facts): Promise<ContactTable> {
  const after: ContactTable = { ...row, ...factColumns(facts) }
  await tx.run(updateContact, after)
  return after
}

function factColumns(facts: Facts) {
  return {
    name: facts.name,
    email: facts.email,
    email_key: facts.email === null ? null : emailKey(facts.email),
    time_zone: facts.timeZone,
    locale: facts.locale,
  }
}

function newContact(input: {
  readonly workspace: Uint8Array
  readonly id: ContactId
  readonly facts: Facts
  readonly externalId: string | null
  readonly at: number
}): ContactTable {
  return {
    workspace: input.workspace,
    id: bytesOf(input.id),
    ...factColumns(input.facts),
    external_id: input.externalId,
    identified_at: input.externalId === null ? null : input.at,
    created_at: input.at,
    merged_into: null,
    merged_at: null,
    joined_to: null,
    person: null,
  }
}

/** Tells of a contact: every member hears it, and they themselves. */
function tellOf(
  tx: WriteTx,
  type: 'contact.added' | 'contact.changed',
  row: Pick<ContactTable, 'workspace' | 'id'>,
  by: { readonly at: number; readonly actor: MemberActor['id'] | AppActor['id'] | ContactId },
): void {
  const { workspace, id } = row
  emit(tx, { workspace, ...by, type, body: { contact: idText('ctc', id) }, contact: id })
}
