import { isUtf8 } from 'node:buffer'
import { limits } from '@fermata/base/limits'
import { ok, refused, type Result } from '@fermata/base/result'
import { refusal, type Refusal } from '@fermata/contract/errors'

/** What is wrong with a part of a body, and the names that lead to that part, innermost first. */
interface Fault {
  readonly path: string[]
  readonly message: string
  readonly limit?: number
}

/**
 * Looks through a parsed body for what no schema should have to think of: nesting without end, names
 * that reach for an object's prototype, and texts that a database would not give back as they came.
 */
function faultIn(value: unknown, depthLeft: number): Fault | undefined {
  if (typeof value === 'string') return faultInText(value)
  if (typeof value !== 'object' || value === null) return undefined
  if (depthLeft === 0) {
    const limit = limits.bodyDepthMax
    return { path: [], message: `The body is nested more than ${limit} deep.`, limit }
  }
  for (const key of Object.keys(value)) {
    const fault =
      key === '__proto__' || key === 'constructor' || key === 'prototype'
        ? { path: [], message: 'This name is not accepted.' }
        : (faultInText(key) ?? faultIn((value as Record<string, unknown>)[key], depthLeft - 1))
    if (fault === undefined) continue
    fault.path.push(key)
    return fault
  }
  return undefined
}

function faultInText(text: string): Fault | undefined {
  const fine = text.isWellFormed() && !text.includes('\0')
  return fine ? undefined : { path: [], message: 'A text holds a character that is none.' }
}

function faultIsIn(part: string, fault: Fault): Refusal {
  const field = [part, ...fault.path.toReversed()].join('.').slice(0, 200).toWellFormed()
  const limit = fault.limit === undefined ? {} : { limit: fault.limit }
  return refusal('bad_request', { message: fault.message, field, ...limit })
}

/**
 * Reads the bytes of a body as JSON; no bytes are no body. Refuses what is not UTF-8, not JSON, nested
 * deeper than bodyDepthMax, or holds names or characters that nothing good comes of.
 */
export function parseBody(bytes: Buffer): Result<unknown, Refusal> {
  if (bytes.length === 0) return ok(undefined)
  if (!isUtf8(bytes)) {
    return refused(refusal('bad_request', { message: 'The body is not UTF-8.', field: 'body' }))
  }
  let value: unknown
  try {
    value = JSON.parse(bytes.toString())
  } catch {
    return refused(refusal('bad_request', { message: 'The body is not JSON.', field: 'body' }))
  }
  const fault = faultIn(value, limits.bodyDepthMax)
  return fault === undefined ? ok(value) : refused(faultIsIn('body', fault))
}

/** Checks the texts of a query or of a path's parameters in the same way. */
export function checkTexts(part: 'query' | 'params', values: object): Refusal | undefined {
  const fault = faultIn(values, limits.bodyDepthMax)
  return fault === undefined ? undefined : faultIsIn(part, fault)
}
