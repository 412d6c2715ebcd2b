import type { DatabaseSync } from 'node:sqlite'
import { assert, AssertionFailure } from '@fermata/base/assert'
import { limits } from '@fermata/base/limits'
import type { GrownHead } from './heads.ts'
import { StorageBusy, type WriteTx } from './port.ts'
import { Action, type WrittenEvent } from './sqlite.action.ts'
import { sqliteError } from './sqlite.errors.ts'
import { placeEvents } from './sqlite.positions.ts'
import { statementsOf } from './sqlite.statements.ts'

/** The connection that writes, and the turns that are taken on it. */
export interface Writer {
  /** Runs an action together with those that wait beside it, in one commit. */
  write<T>(action: (tx: WriteTx) => Promise<T>): Promise<T>
  /**
   * Takes the connection for something other than a batch; the answer gives it back. Batches and
   * turns alternate, and actions queue meanwhile.
   */
  takeTurn(): Promise<() => void>
  /** Actions that wait or run. */
  waiting(): number
  /** Resolves when no action waits or runs. */
  idle(): Promise<void>
}

/** What a writer needs. */
export interface WriterOptions {
  readonly db: DatabaseSync
  /** Called after each commit, before anybody is told of it, with the heads that have grown. */
  readonly committed: (heads: readonly GrownHead[]) => void
  /** Called after each batch, when the connection is free again. */
  readonly between: () => void
  /** Why nothing can be written now, if so. */
  readonly refusal: () => Error | undefined
  readonly fatal: (error: Error) => void
}

/** An action that waits, runs or has run, and whoever waits for it. */
interface Job {
  readonly action: (tx: WriteTx) => Promise<unknown>
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
  outcome: { readonly value: unknown } | { readonly error: unknown } | undefined
}

/** Makes the writer over the one connection that writes. */
export function openWriter({ db, committed, between, refusal, fatal }: WriterOptions): Writer {
  const runBatch = batchRunner(db, committed)
  const queue: Job[] = []
  let running = 0
  const turns: (() => void)[] = []
  let taken = false
  let scheduled = false

  const schedule = (): void => {
    if (scheduled || taken || queue.length === 0) return
    scheduled = true
    setImmediate(drain)
  }

  const giveTurn = (): boolean => {
    const next = turns.shift()
    if (next === undefined) return false
    taken = true
    next()
    return true
  }

  const drain = (): void => {
    scheduled = false
    if (taken || queue.length === 0) return
    taken = true
    const batch = queue.splice(0, limits.writeBatchActionsMax)
    running = batch.length
    // Everything until the commit happens in microtasks, which end before the next macrotask.
    const late = setImmediate(() =>
      fatal(new AssertionFailure('an action must wait for nothing but the database')),
    )
    void runBatch(batch).then(() => {
      clearImmediate(late)
      running = 0
      taken = false
      between()
      if (!giveTurn()) schedule()
    }, fatal)
  }

  /** Makes the function that ends a turn: then a batch comes first, and without one the next turn. */
  const turnEnd = (): (() => void) => {
    let mine = true
    return () => {
      assert(mine, 'a turn is given back once')
      mine = false
      taken = false
      if (queue.length > 0) schedule()
      else giveTurn()
    }
  }

  return {
    write: (action) =>
      new Promise((resolve, reject) => {
        const refused = queue.length >= limits.writeQueueActionsMax ? queueFull() : refusal()
        if (refused !== undefined) return reject(refused)
        queue.push({
          action,
          resolve: resolve as (value: unknown) => void,
          reject,
          outcome: undefined,
        })
        schedule()
      }),
    takeTurn() {
      if (!taken && turns.length === 0) {
        taken = true
        return Promise.resolve(turnEnd())
      }
      return new Promise((resolve) => turns.push(() => resolve(turnEnd())))
    },
    waiting: () => queue.length + running,
    async idle() {
      while (queue.length + running > 0) await new Promise((resolve) => setImmediate(resolve))
    },
  }
}

function queueFull(): StorageBusy {
  return new StorageBusy(
    `more than ${limits.writeQueueActionsMax} actions wait to be written (writeQueueActionsMax)`,
  )
}

/**
 * Makes the function that runs a batch: one transaction, positions last. It settles every action
 * and rejects only when the connection cannot be used any more.
 *
 * A savepoint for each action would cost a fifth of its time, as SQLite copies every page that the
 * actions before it have touched. So the batch first runs without; only when an action throws after
 * it changed something is all taken back, and everything runs again, each in a savepoint.
 */
function batchRunner(
  db: DatabaseSync,
  committed: WriterOptions['committed'],
): (batch: readonly Job[]) => Promise<void> {
  const statements = statementsOf(db)
  const begin = db.prepare('begin immediate')
  const commit = db.prepare('commit')
  const rollback = db.prepare('rollback')
  const savepoint = db.prepare('savepoint action')
  const release = db.prepare('release action')
  const rollbackToSavepoint = db.prepare('rollback to action')

  /** Runs one action and notes its outcome; answers whether a failure has left changes behind. */
  const runAction = async (job: Job, events: WrittenEvent[]): Promise<boolean> => {
    const before = statements.changes()
    const action = new Action(statements)
    try {
      job.outcome = { value: await job.action(action) }
      for (const event of action.events) events.push(event)
    } catch (error) {
      job.outcome = { error }
    }
    action.ended = true
    const failed = 'error' in job.outcome
    // A full disk makes SQLite take back the whole transaction, and with it the other actions.
    if (!db.isTransaction) {
      throw 'error' in job.outcome ? job.outcome.error : new Error('the transaction was lost')
    }
    return failed && statements.changes() > before
  }

  const runApart = async (batch: readonly Job[], events: WrittenEvent[]): Promise<void> => {
    for (const job of batch) {
      savepoint.run()
      if (await runAction(job, events)) rollbackToSavepoint.run()
      release.run()
    }
  }

  /** Runs the actions in one transaction; answers whether one has left changes that must go. */
  const runTogether = async (batch: readonly Job[], events: WrittenEvent[]): Promise<boolean> => {
    for (const job of batch) if (await runAction(job, events)) return true
    return false
  }

  const runInTransaction = async (batch: readonly Job[]): Promise<void> => {
    const events: WrittenEvent[] = []
    begin.run()
    if (await runTogether(batch, events)) {
      rollback.run()
      if (batch.length === 1) return
      events.length = 0
      begin.run()
      await runApart(batch, events)
    }
    const heads = events.length === 0 ? [] : placeEvents(statements, events)
    commit.run()
    committed(heads)
  }

  return async (batch) => {
    try {
      await runInTransaction(batch)
    } catch (error) {
      if (db.isTransaction) rollback.run()
      for (const job of batch) {
        if (job.outcome === undefined || 'value' in job.outcome) job.outcome = { error }
      }
    }
    for (const { outcome, resolve, reject } of batch) {
      assert(outcome !== undefined, 'every action of a batch has ended')
      if ('error' in outcome) reject(sqliteError(outcome.error))
      else resolve(outcome.value)
    }
  }
}
