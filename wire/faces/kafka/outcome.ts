import { errorCodes } from './errors.ts'

const names = new Map<number, string>(
  Object.entries(errorCodes).map(([name, code]) => [code, name] as const),
)

/** The name of the first error that an answer holds, wherever in it: most have one for each thing that was asked for. */
export function outcomeOf(body: object): string {
  const code = errorIn(body)
  return code === 0 ? 'NONE' : (names.get(code) ?? 'UNKNOWN_SERVER_ERROR')
}

function errorIn(value: object): number {
  if (ArrayBuffer.isView(value)) return 0
  for (const key in value) {
    const field = (value as Readonly<Record<string, unknown>>)[key]
    if (typeof field === 'object' && field !== null) {
      const found = errorIn(field)
      if (found !== 0) return found
    } else if (typeof field === 'number' && field !== 0 && isErrorCode(key)) return field
  }
  return 0
}

function isErrorCode(key: string): boolean {
  return key === 'errorCode' || key === 'partitionErrorCode'
}
