import { StorageFull, UniqueViolation } from './port.ts'

/** PostgreSQL's error codes that are told apart here (appendix A of its manual). */
const codes = {
  uniqueViolation: '23505',
  serializationFailure: '40001',
  deadlockDetected: '40P01',
  diskFull: '53100',
} as const

/** The SQLSTATE of an error, if the server sent it. */
function sqlState(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

/** Turns an error of the driver into the port's words where the port has one. */
export function postgresError(error: unknown): unknown {
  const code = sqlState(error)
  if (code === codes.uniqueViolation) {
    return new UniqueViolation((error as Error).message, { cause: error })
  }
  if (code === codes.diskFull) {
    return new StorageFull('the disk of the PostgreSQL server is full', { cause: error })
  }
  return error
}

/**
 * Whether the action may succeed when it runs again. So may one that lost a race for a unique key:
 * it then finds the row that was quicker, as it would have on SQLite; but only once, since a key
 * that was there from the beginning stays.
 */
export function mayRunAgain(error: unknown, attempt: number): boolean {
  const code = sqlState(error)
  if (code === codes.uniqueViolation) return attempt === 1
  return code === codes.serializationFailure || code === codes.deadlockDetected
}
