import { allows, type Right, type Rights } from '../../../broker/rights.ts'
import type { RequestBody, ResponseDraft } from '../apis.ts'
import type { Answers, Context } from '../context.ts'
import { errorCodes } from '../errors.ts'
import type { Identity } from '../identity.ts'

/** Clients prove who they are. */
export const saslAnswers: Answers<'SaslHandshake' | 'SaslAuthenticate'> = {
  async SaslHandshake({ body, version }, { passage }) {
    return passage.handshake(body.mechanism, version)
  },
  async SaslAuthenticate({ body }, { passage, now }) {
    const step = await passage.authenticate(body.authBytes)
    if (!step.ok) {
      const errorCode = errorCodes.SASL_AUTHENTICATION_FAILED
      return { errorCode, errorMessage: step.refusal, authBytes: new Uint8Array() }
    }
    const { token: authBytes, isDone } = step.value
    const expiresAt = (isDone && passage.identity?.expiresAt) || null
    return {
      errorCode: errorCodes.NONE,
      errorMessage: null,
      authBytes,
      sessionLifetimeMs: expiresAt === null ? 0 : Math.max(1, expiresAt - now()),
    }
  },
}

// What rights look like where they are asked for: KIP-140, KIP-290. By number: what something is, how its name
// is meant, what is done with it.
const resource = { any: 1, topic: 2, group: 3, cluster: 4, transactionalId: 5 } as const
const pattern = { any: 1, match: 2, literal: 3, prefixed: 4 } as const
const operation = { any: 1, all: 2, read: 3, write: 4, create: 5, delete: 6, alter: 7, describe: 8, describeConfigs: 10, alterConfigs: 11, idempotentWrite: 12 } as const // prettier-ignore
const allowed = 3
const anyHost = '*'

type Described = ResponseDraft<'DescribeAcls'>['resources'][number]
type Filter = RequestBody<'DescribeAcls'>

const whereTheyAre = 'what an app may do are its scopes, which are changed in Fermata'

/** What somebody may do is shown to them. It is changed elsewhere. */
export const aclAnswers: Answers<'DescribeAcls' | 'CreateAcls' | 'DeleteAcls'> = {
  async DescribeAcls({ body }, { passage }) {
    const { identity } = passage
    const resources = identity === undefined ? [] : bindings(identity, body)
    return { errorCode: errorCodes.NONE, errorMessage: null, resources }
  },
  async CreateAcls({ body }) {
    const result = { errorCode: errorCodes.POLICY_VIOLATION, errorMessage: whereTheyAre }
    return { results: body.creations.map(() => result) }
  },
  async DeleteAcls({ body }) {
    const result = { errorCode: errorCodes.POLICY_VIOLATION, errorMessage: whereTheyAre }
    return { filterResults: body.filters.map(() => ({ ...result, matchingAcls: [] })) }
  },
}

/** What whoever asks may do with something of a name, a bit for each operation (KIP-430). */
export function authorizedBits(
  { passage }: Pick<Context, 'passage'>,
  kind: 'topic' | 'group' | 'cluster',
  name = '',
): number {
  const rights = passage.identity?.rights
  if (rights === undefined || !allows(rights, kind === 'cluster' ? rights.prefix : name, 'any')) {
    return 0
  }
  return operationsOf(rights, resource[kind]).reduce((bits, one) => bits | (1 << one), 0)
}

function operationsOf(rights: Rights, type: number): readonly number[] {
  const { read, write, create, alter, describe, describeConfigs, alterConfigs } = operation
  const manages: number[] =
    type === resource.topic ? [create, operation.delete, alter, alterConfigs] : []
  const perRight: Readonly<Record<number, Readonly<Record<Right, readonly number[]>>>> = {
    [resource.topic]: { read: [read], write: [write], manage: manages },
    [resource.group]: { read: [read], write: [], manage: [operation.delete] },
    [resource.transactionalId]: { read: [], write: [write], manage: [] },
    [resource.cluster]: { read: [], write: [operation.idempotentWrite], manage: [create] },
  }
  const held = rights.held.flatMap((right) => perRight[type]?.[right] ?? [])
  if (rights.held.length > 0) held.push(describe)
  return type === resource.topic && held.length > 0 ? [...held, describeConfigs] : held
}

function bindings({ name, rights }: Identity, filter: Filter): Described[] {
  const principal = `User:${name}`
  if (filter.principalFilter !== null && filter.principalFilter !== principal) return []
  if (filter.hostFilter !== null && filter.hostFilter !== anyHost) return []
  if (![operation.any as number, allowed].includes(filter.permissionType)) return []
  const patternType = rights.prefix === '' ? pattern.literal : pattern.prefixed
  const resourceName = rights.prefix === '' ? '*' : rights.prefix
  const types: readonly number[] = [resource.topic, resource.group, resource.transactionalId]
  return types
    .filter((type) => [resource.any as number, type].includes(filter.resourceTypeFilter))
    .filter(() => isNamed(filter, resourceName, patternType))
    .map((resourceType) => ({
      resourceType,
      resourceName,
      patternType,
      acls: operationsOf(rights, resourceType)
        .filter((one) => [operation.any as number, one].includes(filter.operation))
        .map((one) => ({ principal, host: anyHost, operation: one, permissionType: allowed })),
    }))
    .filter(({ acls }) => acls.length > 0)
}

function isNamed(filter: Filter, name: string, type: number): boolean {
  const { resourceNameFilter: wanted, patternTypeFilter: how } = filter
  if (how === pattern.match) {
    if (wanted === null || name === '*') return true
    return type === pattern.prefixed ? wanted.startsWith(name) : wanted === name
  }
  if (how !== pattern.any && how !== type) return false
  return wanted === null || wanted === name
}
