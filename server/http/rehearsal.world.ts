import { assert } from '@fermata/base/assert'
import { ok, refused, type Result } from '@fermata/base/result'
import { rolePermissions } from '@fermata/contract/permissions'
import type { Caller } from '@fermata/contract/actors'
import { refusal, type Refusal } from '@fermata/contract/errors'
import { routes, type RouteName } from '@fermata/contract/routes'
import { accessRoute, rateLimiter } from '@fermata/people/access/index'
import type { LiveFeed } from '@fermata/people/feed/index'
import type { Handlers } from '@fermata/people/handler'
import { fakeClock, type FakeClock } from '@fermata/testkit/clock'
import type { FastifyInstance } from 'fastify'
import type { DurabilityGate } from '@fermata/storage/port'
import { openLog } from '../log.ts'
import { networksOf } from './address.ts'
import { answerCheck } from './answers.ts'
import { createApp, type Extras } from './app.ts'
import { tusDress } from '../files/tus.ts'
import type { Carrier } from './mount.ts'
import { refuse } from './refuse.ts'
import { metricsOf } from './metrics.ts'
import type { Doors, House } from './ports.ts'
import { ratesOf } from './rates.ts'

/** The HTTP side with nobody behind it: tests say what the handlers answer. */
export interface Rehearsal {
  readonly app: FastifyInstance
  readonly clock: FakeClock
  readonly doors: Doors
  readonly house: House
  /** Every line that was logged. */
  readonly logged: string[]
}

/** What a test wants to be different. */
export interface Wishes {
  readonly handlers?: Partial<Handlers>
  readonly doors?: Partial<Doors>
  readonly house?: Partial<House>
  readonly extras?: Partial<Extras>
  readonly checkAnswers?: boolean
  readonly metricsFrom?: readonly string[]
  readonly unready?: () => Promise<string | null>
}

const workspace = 'wsp_00000000000000000000000001'

/** Callers by the tokens that rehearsals know. */
export const callers = {
  owner: {
    kind: 'member',
    workspace,
    id: 'mbr_00000000000000000000000001',
    name: 'Ada',
    role: 'owner',
    permissions: rolePermissions.owner,
    session: 'ses_00000000000000000000000001',
  },
  visitor: {
    kind: 'contact',
    workspace,
    id: 'ctc_00000000000000000000000001',
    name: '',
    inbox: 'ibx_00000000000000000000000001',
  },
  app: {
    kind: 'app',
    workspace,
    id: 'app_00000000000000000000000001',
    name: 'Robot',
    scopes: ['conversations:read', 'conversations:write', 'feed:read'],
  },
} as const satisfies Record<string, Caller>

/** The one foreign page that the inboxes of a rehearsal list. */
export const listedPage = 'https://shop.example'

/** Handlers that refuse whatever the test did not expect to be asked. */
export function handlersWith(own: Partial<Handlers>): Handlers {
  const unexpected = async (): Promise<Result<never, Refusal>> =>
    refused(refusal('conflict', { message: 'This was not rehearsed.' }))
  const all = Object.fromEntries(Object.keys(routes).map((name) => [name, unexpected]))
  return { ...all, ...own } as Handlers
}

const unrehearsed: Carrier = async (_asked, reply) =>
  refuse(reply, refusal('conflict', { message: 'This was not rehearsed.' }))

const check = await answerCheck()

const silentFeed: LiveFeed = {
  follow: () => () => undefined,
  readers: () => 0,
  stop: () => undefined,
}

/** Doors behind which the three callers live, each with the name of their key as a token. */
function doorsWith(wishes: Wishes): Doors {
  return {
    handlers: handlersWith(wishes.handlers ?? {}),
    feed: silentFeed,
    async authenticate({ cookie, bearer }) {
      assert(cookie === null || bearer === null, 'one credential speaks, not both')
      if (cookie === 'owner') return callers.owner
      return bearer === 'visitor' ? callers.visitor : bearer === 'app' ? callers.app : null
    },
    accessRoute: (caller: Caller | null, name: RouteName) => accessRoute(caller, name),
    listsOrigin: async (_scope, origin) => origin === listedPage,
    ...wishes.doors,
  }
}

/** Puts the HTTP side together for a test. */
export function rehearse(wishes: Wishes = {}): Rehearsal {
  const clock = fakeClock()
  const logged: string[] = []
  const keysMax = 1_000
  let requests = 0
  const doors = doorsWith(wishes)
  const house: House = {
    clock,
    log: openLog({ write: (line: string) => void logged.push(line) }),
    gate: { durable: () => undefined },
    rates: ratesOf((max, windowMs) => rateLimiter({ clock, max, windowMs, keysMax })),
    publicUrl: null,
    trustedProxies: networksOf([]),
    newRequestId: () => `request-${++requests}`,
    stopping: () => false,
    ...wishes.house,
  }
  const metrics = metricsOf({
    storage: () => ({ commits_total: 7 }),
    readers: () => 3,
    wire: async () => undefined,
  })
  const app = createApp(doors, house, {
    health: {
      metrics,
      metricsFrom: networksOf(wishes.metricsFrom ?? []),
      unready: wishes.unready ?? (async () => null),
    },
    answers: (wishes.checkAnswers ?? true) ? check : null,
    detours: {},
    carriers: {
      'uploads.append': unrehearsed,
      'files.read': unrehearsed,
      'files.thumbnail': unrehearsed,
    },
    dress: tusDress,
    pages: { mount: () => undefined, fallback: () => false },
    ...wishes.extras,
  })
  return { app, clock, doors, house, logged }
}

/** An answer of `setup.get`, the plainest there is. */
export const open = async (): Promise<Result<{ open: boolean }, Refusal>> => ok({ open: true })

/** A gate that a test opens by hand, and that notes when it was asked. */
export interface HandGate extends DurabilityGate {
  open(): void
  readonly asked: Promise<void>
}

/** Makes a gate that is shut until the test opens it. */
export function handGate(steps: string[]): HandGate {
  const flush = Promise.withResolvers<void>()
  const asked = Promise.withResolvers<void>()
  return {
    durable() {
      steps.push('gate asked')
      asked.resolve()
      return flush.promise
    },
    open() {
      steps.push('gate open')
      flush.resolve()
    },
    asked: asked.promise,
  }
}
