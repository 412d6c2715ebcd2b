// Which way imports may point. Change a line here only together with ARCHITECTURE.md: whatever stands
// lower knows nothing of what stands above it.

/** A wing of the house: a workspace, or the tools. */
export interface Wing {
  /** The wings it may import. */
  readonly from: readonly string[]
  /** Those that only its tests may import besides. */
  readonly inTests: readonly string[]
  /** Whether its code, tests aside, must run where there is no Node. */
  readonly isBrowser: boolean
}

const none: readonly string[] = []

/** All wings by their folders. */
export const wings: Readonly<Record<string, Wing>> = {
  // Words without a domain; everything stands on it.
  base: { from: none, inTests: none, isBrowser: true },
  // What both ends of a connection say.
  contract: { from: ['base'], inTests: ['testkit'], isBrowser: true },
  // The database and the feed; knows rows, not people.
  storage: { from: ['base'], inTests: ['testkit'], isBrowser: false },
  // The human side: it writes through storage and speaks the contract.
  people: { from: ['base', 'contract', 'storage'], inTests: ['testkit'], isBrowser: false },
  // The program side: it knows nothing of people and needs no SQL.
  wire: { from: ['base'], inTests: ['testkit'], isBrowser: false },
  // The published client; its users have neither our storage nor our server.
  sdk: { from: ['base', 'contract'], inTests: ['testkit', 'server'], isBrowser: true },
  // The assembly. Its tests talk to it as a user's program does.
  server: {
    from: ['base', 'contract', 'storage', 'people', 'wire'],
    inTests: ['testkit', 'sdk'],
    isBrowser: false,
  },
  // Both front ends know the server only by the contract and the client.
  web: { from: ['base', 'contract', 'sdk'], inTests: ['testkit'], isBrowser: true },
  widget: { from: ['base', 'contract', 'sdk'], inTests: ['testkit'], isBrowser: true },
  // The published command speaks to a server as any client does; offline it reads a log.
  cli: { from: ['base', 'contract', 'sdk', 'wire'], inTests: ['testkit'], isBrowser: false },
  // Clocks, disks and worlds for tests; below all that it helps to test.
  testkit: { from: ['base', 'contract', 'sdk'], inTests: none, isBrowser: false },
  // Workloads: they load a server from outside, and fill a database directly where that is the point.
  bench: {
    from: ['base', 'contract', 'sdk', 'storage', 'people', 'wire', 'testkit'],
    inTests: none,
    isBrowser: false,
  },
  // The tools read everything as text, and import only what they print or share with tests.
  tools: { from: ['contract', 'testkit'], inTests: none, isBrowser: false },
}

/**
 * The rooms of people/ in import order: each may import those before it, through their index.ts.
 * Whatever a room must tell one after it goes through the feed.
 */
export const rooms = [
  'audit',
  'accounts',
  'access',
  'feed',
  'schedule',
  'files',
  'teams',
  'contacts',
  'places',
  'leases',
  'small-talk',
  'labels',
  'replies',
  'conversations',
  'drafts',
]

/** The program that is started, by tests and benches too; its address is no import. */
export const program = 'server/main.ts'

/** Where code for browsers begins; from here no schema may be reached at run time. */
export const browserWings = ['web', 'widget', 'sdk']

/** Files that are made of TypeBox and stay on the server. Browsers import their types alone. */
export const schemaFile = /^contract\/.*\.schema\.ts$/
