import type { Compilable, CompiledQuery, Kysely } from 'kysely'

/** The two databases that hold people's data. */
export type Dialect = 'sqlite' | 'postgres'

/**
 * A value as it crosses the port. Ids are their 16 bytes (a BLOB in SQLite, a native uuid in
 * PostgreSQL), times are milliseconds in a 64-bit integer column, truth values are 0 and 1, and
 * structured values are JSON text.
 */
export type SqlValue = string | number | null | Uint8Array

/**
 * A statement that is compiled once for each database and prepared once for each connection.
 * Compiling with Kysely costs 6-10 µs and preparing as much again, running a prepared one 1.5 µs.
 */
export interface Query<Params extends object, Row> {
  /** The statement's text and the order of its parameters, for one database. */
  compile(dialect: Dialect): CompiledStatement
  /** Carries the types only; never set. */
  readonly types?: { params: Params; row: Row }
}

/** What a {@link Query} compiles to: `order[i]` names the parameter, or holds the constant, of place i. */
export interface CompiledStatement {
  readonly sql: string
  readonly order: readonly ({ readonly name: string } | { readonly value: SqlValue })[]
}

/** Reads within one snapshot. */
export interface ReadTx {
  readonly dialect: Dialect
  /** The first row, or `undefined`. */
  get<P extends object, R>(query: Query<P, R>, params: P): Promise<R | undefined>
  /** All rows. The query itself carries the limit. */
  all<P extends object, R>(query: Query<P, R>, params: P): Promise<R[]>
}

/**
 * Reads and writes within one transaction. It must be used for database work only: on SQLite all
 * waiting actions share the one writer connection, so that waiting for anything else is a bug.
 */
export interface WriteTx extends ReadTx {
  /** Runs a statement and answers how many rows it changed. */
  run<P extends object>(query: Query<P, unknown>, params: P): Promise<number>
  /** Adds an event; it takes its position and leaves when the transaction commits, or never. */
  emit(event: NewEvent): void
}

/** An event before it has a position. `body` carries no text that anybody wrote in a message. */
export interface NewEvent {
  /** Whose feed it belongs to: the workspace's id. */
  readonly workspace: Uint8Array
  /** Milliseconds since the epoch. */
  readonly at: number
  /** Who acted, in text form (`mbr_…`, `ctc_…`, `app_…`), or null for the system. */
  readonly actor: string | null
  /** One of the closed list in contract/events.ts. */
  readonly type: string
  /** The place whose viewers may see it; null when every member may. */
  readonly place: Uint8Array | null
  /** The conversation it is about, if any. */
  readonly conversation: Uint8Array | null
  /** The contact who may see it too; null when no contact may. */
  readonly contact: Uint8Array | null
  /** When set, nobody but this actor (text form) may see it. */
  readonly only: string | null
  /** The event's own fields, as a JSON-able object. */
  readonly body: object
}

/** An event as the feed holds it. `body` is JSON text. */
export interface StoredEvent extends Omit<NewEvent, 'body'> {
  readonly position: number
  readonly body: string
}

/** Where a workspace's feed begins and ends: events with `tail < position <= head` are kept. */
export interface FeedBounds {
  readonly head: number
  readonly tail: number
}

/** Hears that a workspace's feed has grown up to `head`. Called only after the flush. */
export type HeadListener = (workspace: Uint8Array, head: number) => void

/** One step of a room's schema, forward only. */
export interface Migration {
  /** Unique and ordered: `0001-accounts`. */
  readonly id: string
  /** The statements for one database; their text is checksummed, so they must never change once released. */
  statements(column: ColumnTypes): readonly string[]
}

/** The names of the column types in one database. */
export interface ColumnTypes {
  readonly dialect: Dialect
  /** 16 bytes. */
  readonly id: string
  /** A 64-bit integer: times in ms, numbers, positions, truth values. */
  readonly int: string
  readonly text: string
  readonly bytes: string
}

/**
 * The durability gate. An answer, frame, mail, push or webhook leaves only after `durable()`, asked
 * for after its last look at the database, has been kept.
 */
export interface DurabilityGate {
  /**
   * Resolves when everything committed up to this call is on disk: after a flush that started after
   * the newest commit. Answers `undefined` when that is so already (the cheap and usual case of reads).
   */
  durable(): Promise<void> | undefined
}

/** The people's database. */
export interface Storage extends DurabilityGate {
  readonly dialect: Dialect
  /**
   * Runs an action in a transaction of its own, together with its events; resolves after the commit
   * and before the flush (the edge asks the gate). Waiting actions share a commit, but one
   * that throws takes back only its own work. An action may run more than once (on SQLite when a
   * neighbour in its commit threw, on PostgreSQL when it lost a race or a deadlock), so it must have
   * no effects but those on `tx`.
   * Throws `StorageFull` when the disk or the write queue is full and `UniqueViolation` when a key is
   * taken; nothing of the action is kept.
   */
  write<T>(action: (tx: WriteTx) => Promise<T>): Promise<T>
  /** Runs reads on one snapshot of what is committed. */
  read<T>(look: (tx: ReadTx) => Promise<T>): Promise<T>
  /** Events of one workspace with `after < position <= head`, at most `limit`, in order. */
  events(
    tx: ReadTx,
    after: { workspace: Uint8Array; position: number; limit: number },
  ): Promise<StoredEvent[]>
  /** The bounds of a workspace's feed in the snapshot of `tx`; both 0 when it has none. */
  bounds(tx: ReadTx, workspace: Uint8Array): Promise<FeedBounds>
  /** Removes the oldest events beyond `keep`, in small steps; answers how many. */
  trim(workspace: Uint8Array, keep: number): Promise<number>
  /** Hears about new events, after they are on disk. Answers a function that stops it. */
  onHead(listener: HeadListener): () => void
  /**
   * A Kysely for a library that brings its own queries (better-auth). On SQLite its statements take
   * turns with the actions on the writer connection and count as commits at the gate.
   */
  kysely(): Kysely<unknown>
  /** Figures for /metrics: names to numbers (`wal_bytes`, `flushes_total`, `commits_total`, …). */
  figures(): Readonly<Record<string, number>>
  /** Waits for the running actions and flushes, then closes. */
  close(): Promise<void>
}

/** The disk, or the queue of waiting actions, has no room; nothing of the action was kept. */
export class StorageFull extends Error {
  override readonly name: string = 'StorageFull'
}

/** It is the queue of waiting actions that has no room: the same action may fit a moment later. */
export class StorageBusy extends StorageFull {
  override readonly name = 'StorageBusy'
}

/** A Kysely that only compiles. */
export type Compiler<DB> = Kysely<DB>

/** What a query's builder returns. */
export type Built<Row> = Compilable<Row> & { compile(): CompiledQuery<Row> }

/** A row with the same unique key is there already; nothing of the action was kept. */
export class UniqueViolation extends Error {
  override readonly name = 'UniqueViolation'
}

/** A read held its snapshot for longer than `readTransactionMsMax`, which would let the WAL grow. */
export class ReadTooLong extends Error {
  override readonly name = 'ReadTooLong'
}
