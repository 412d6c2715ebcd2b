import { StorageFull, UniqueViolation } from './port.ts'

/** SQLite's result codes that are told apart here (https://www.sqlite.org/rescode.html). */
const resultCodes = {
  full: 13,
  ioErrorShmSize: 4874,
  constraintPrimaryKey: 1555,
  constraintUnique: 2067,
  constraintRowId: 2579,
} as const

/** The extended result code that node:sqlite puts on its errors. */
function resultCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error)) return undefined
  return typeof error.errcode === 'number' ? error.errcode : undefined
}

/** Turns an error of node:sqlite into the port's words where the port has one. */
export function sqliteError(error: unknown): unknown {
  const code = resultCode(error)
  if (code === undefined) return error
  if (code === resultCodes.full || code === resultCodes.ioErrorShmSize) {
    return new StorageFull('the disk that holds the data folder is full', { cause: error })
  }
  if (
    code === resultCodes.constraintUnique ||
    code === resultCodes.constraintPrimaryKey ||
    code === resultCodes.constraintRowId
  ) {
    return new UniqueViolation((error as Error).message, { cause: error })
  }
  return error
}
