import { Client } from 'pg'
import type { Cancel, Clock } from '@fermata/base/clock'
import { limits } from '@fermata/base/limits'
import { feedHeads } from './feed.ts'
import { openHeads, type GrownHead } from './heads.ts'
import type { HeadListener } from './port.ts'
import { clientConfig } from './postgres.connections.ts'

/** The heads of all workspaces, as this node and the others move them. */
export interface SharedHeads {
  add(listener: HeadListener): () => void
  /** Tells this node's listeners at once and the other nodes soon. */
  grown(heads: readonly GrownHead[]): void
  /** How often the connection to the other nodes was lost. */
  lost(): number
  close(): Promise<void>
}

/** The channel on which nodes wake each other. */
const channel = 'fermata_heads'

const hexOf = (workspace: Uint8Array): string => Buffer.from(workspace).toString('hex')

/**
 * Joins the nodes that share a database. A connection of its own listens; when it is lost it is
 * made anew and the heads are read from their table, as they are now and then anyway, so that a
 * message that never came delays and loses nothing. A node tells of its commits after they are
 * made and of several at once: NOTIFY inside the transactions would make all commits of the
 * server wait for each other.
 */
export async function openSharedHeads(url: string, clock: Clock): Promise<SharedHeads> {
  const heads = openHeads()
  const known = new Map<string, number>()
  const untold = new Map<string, number>()
  let client: Client | undefined
  let telling = false
  let closed = false
  let lost = 0
  let cancelTimer: Cancel | undefined

  const learn = (hex: string, head: number): void => {
    if (head <= (known.get(hex) ?? 0)) return
    known.set(hex, head)
    heads.tell(new Uint8Array(Buffer.from(hex, 'hex')), head)
  }

  const readHeads = async (from: Client): Promise<void> => {
    const { rows } = await from.query<GrownHead>(feedHeads.compile('postgres').sql)
    for (const { workspace, head } of rows) learn(hexOf(workspace), head)
  }

  const connect = async (): Promise<void> => {
    const joined = new Client(clientConfig(url))
    joined.on('error', () => {})
    joined.on('notification', ({ payload = '' }) => {
      const [hex = '', head] = payload.split(' ')
      learn(hex, Number(head))
    })
    try {
      await joined.connect()
      await joined.query(`listen ${channel}`)
      await readHeads(joined)
    } catch (error) {
      void joined.end().catch(() => {})
      throw error
    }
    joined.on('end', () => {
      if (closed || client !== joined) return
      client = undefined
      lost += 1
      later(limits.postgresReconnectMs)
    })
    client = joined
    tell()
  }

  /** Reads the heads from time to time, or connects anew. */
  const later = (delayMs: number): void => {
    cancelTimer?.()
    cancelTimer = clock.after(delayMs, () => {
      const work = client === undefined ? connect() : readHeads(client)
      const next = (): void => {
        if (closed) return
        later(client === undefined ? limits.postgresReconnectMs : limits.postgresHeadsPollMs)
      }
      work.then(next, next)
    })
  }

  const tell = (): void => {
    if (client === undefined || telling || untold.size === 0) return
    telling = true
    const payloads = [...untold].map(([hex, head]) => `${hex} ${head}`)
    untold.clear()
    const next = (): void => {
      telling = false
      tell()
    }
    client
      .query(`select pg_notify('${channel}', told) from unnest($1::text[]) as told`, [payloads])
      .then(next, next)
  }

  await connect()
  later(limits.postgresHeadsPollMs)

  return {
    add: (listener) => heads.add(listener),
    grown(grown) {
      for (const { workspace, head } of grown) {
        const hex = hexOf(workspace)
        learn(hex, head)
        untold.set(hex, Math.max(head, untold.get(hex) ?? 0))
      }
      tell()
    },
    lost: () => lost,
    async close() {
      closed = true
      cancelTimer?.()
      await client?.end()
    },
  }
}
