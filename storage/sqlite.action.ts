import { assert } from '@fermata/base/assert'
import type { NewEvent, Query, WriteTx } from './port.ts'
import type { Statements } from './sqlite.statements.ts'

/** An event whose body is text already, and which has no position yet. */
export interface WrittenEvent {
  readonly event: NewEvent
  readonly body: string
}

/** The part of the batch's transaction that one action sees. */
export class Action implements WriteTx {
  readonly dialect = 'sqlite'
  readonly events: WrittenEvent[] = []
  ended = false
  readonly #statements: Statements

  constructor(statements: Statements) {
    this.#statements = statements
  }

  async get<P extends object, R>(query: Query<P, R>, params: P): Promise<R | undefined> {
    assert(!this.ended, 'an action must not go on after it has ended')
    return this.#statements.get(query, params)
  }

  async all<P extends object, R>(query: Query<P, R>, params: P): Promise<R[]> {
    assert(!this.ended, 'an action must not go on after it has ended')
    return this.#statements.all(query, params)
  }

  async run<P extends object>(query: Query<P, unknown>, params: P): Promise<number> {
    assert(!this.ended, 'an action must not go on after it has ended')
    return this.#statements.run(query, params)
  }

  emit(event: NewEvent): void {
    assert(!this.ended, 'an action must not go on after it has ended')
    this.events.push({ event, body: JSON.stringify(event.body) })
  }
}
