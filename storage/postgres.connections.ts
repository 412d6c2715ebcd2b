import { Pool, types, type ClientBase, type ClientConfig, type PoolClient } from 'pg'
import { limits } from '@fermata/base/limits'

/** The PostgreSQL server would lose what it has acknowledged; Fermata does not start on it. */
export class UnsafeServer extends Error {
  override readonly name = 'UnsafeServer'
}

/** The object ids of the types whose values are read in a way of our own (catalogue pg_type). */
const oids = { bytea: 17, int8: 20, uuid: 2950 } as const

/** The 16 bytes of a uuid in its text form. */
function uuidBytes(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text.replaceAll('-', ''), 'hex'))
}

const readers: Readonly<Record<number, (text: string) => unknown>> = {
  [oids.int8]: Number,
  [oids.uuid]: uuidBytes,
  [oids.bytea]: (text) => new Uint8Array(Buffer.from(text.slice(2), 'hex')),
}

/** How every connection is made. Bytes go to the server as they are, which serves for uuids too. */
export function clientConfig(url: string): ClientConfig {
  return {
    connectionString: url,
    connectionTimeoutMillis: limits.postgresConnectMsMax,
    application_name: 'fermata',
    keepAlive: true,
    // A transaction's first statement does not wait for the answer to its beginning.
    pipeline: true,
    types: {
      getTypeParser: (oid: number, format?: 'text' | 'binary') => {
        const own = format === 'binary' ? undefined : readers[oid]
        const usual: unknown = types.getTypeParser(oid, format)
        return own ?? usual
      },
    },
  }
}

/**
 * Asks for commits that are on disk before they are acknowledged, and refuses a server that has
 * been told to skip its flushes. Throws `UnsafeServer`.
 */
async function makeSafe(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ name: string; setting: string }>(
    `select name, setting from pg_settings where name in ('fsync', 'full_page_writes')`,
  )
  for (const { name, setting } of rows) {
    if (setting !== 'off') continue
    throw new UnsafeServer(
      `the PostgreSQL server runs with ${name}=off and would lose acknowledged data in a power cut; set it to on`,
    )
  }
  await client.query('set synchronous_commit = on')
  await client.query(
    `set idle_in_transaction_session_timeout = ${limits.readTransactionMsMax + limits.postgresConnectMsMax}`,
  )
}

/** Opens the pool of connections; each is checked before it is first used. */
export function openPool(url: string): Pool {
  // The pool waits for the promise of `onConnect`, which its types do not tell.
  const options = {
    ...clientConfig(url),
    max: limits.postgresConnectionsMax,
    onConnect: makeSafe,
  }
  const pool = new Pool(options)
  // A connection that breaks while nobody uses it leaves the pool; there is nobody to tell.
  pool.on('error', () => {})
  // One that breaks in use rejects its queries; the event would end the process if nobody heard it.
  pool.on('connect', (client) => void client.on('error', () => {}))
  return pool
}

/** A connection from the pool; one that cannot be had is an error with its cause. */
export async function connection(pool: Pool): Promise<PoolClient> {
  try {
    return await pool.connect()
  } catch (cause) {
    if (cause instanceof UnsafeServer) throw cause
    throw new Error('the PostgreSQL server cannot be reached', { cause })
  }
}
