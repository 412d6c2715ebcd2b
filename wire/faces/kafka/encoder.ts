import { assert, unreachable } from '@fermata/base/assert'
import type { Field, Fields, Message, RecordPieces } from './declare.ts'
import { includes } from './versions.ts'
import {
  newWriter,
  putBytes,
  putFloat64,
  putInt16,
  putInt32,
  putInt64,
  putInt8,
  putPiece,
  putText,
  putUuid,
  putUvarint,
  textBytes,
  type Writer,
} from './writer.ts'

// Puts together, from its declaration, what writes one version of a message. What is written is ours: a value that does not
// fit its field is a mistake of the program, and an assertion names the field.

type Write = (writer: Writer, value: unknown) => void

/** One version of a message. */
interface Form {
  readonly version: number
  readonly flexible: boolean
}

const made = new WeakMap<Message, Map<number, Write>>()

/** What writes a version of a message; the version must be one that is declared. */
export function encoderOf(message: Message, version: number): Write {
  const known = made.get(message) ?? new Map<number, Write>()
  made.set(message, known)
  const found = known.get(version)
  if (found) return found
  assert(includes(message.versions, version), `${message.name} has no version ${version}`)
  const form = { version, flexible: includes(message.flexible, version) }
  const write = structEncoder(message.fields, form, message.name)
  known.set(version, write)
  return write
}

function valueEncoder(field: Field, form: Form, name: string): Write {
  switch (field.kind) {
    case 'boolean':
      return (writer, value) => putInt8(writer, value === true ? 1 : 0)
    case 'int8':
      return integer(putInt8, name, -(2 ** 7), 2 ** 7 - 1)
    case 'int16':
      return integer(putInt16, name, -(2 ** 15), 2 ** 15 - 1)
    case 'uint16':
      return integer(putInt16, name, 0, 2 ** 16 - 1)
    case 'int32':
      return integer(putInt32, name, -(2 ** 31), 2 ** 31 - 1)
    case 'int64':
      return integer(putInt64, name, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)
    case 'float64':
      return (writer, value) => putFloat64(writer, value as number)
    case 'uuid':
      return uuidEncoder(name)
    case 'string':
      return orNull(field, form, name, form.flexible ? putUvarintNull : putShortNull, (w, value) =>
        writeText(w, value as string, form.flexible, name),
      )
    case 'bytes':
    case 'records':
      return orNull(field, form, name, form.flexible ? putUvarintNull : putLongNull, (w, value) =>
        writeBytes(w, value as RecordPieces, form.flexible, field.kind === 'records'),
      )
    case 'array':
      return arrayEncoder(field, form, name)
    case 'struct':
      return maybeStructEncoder(field, form, name)
    default:
      return unreachable(field.kind)
  }
}

const putUvarintNull = (writer: Writer): void => putUvarint(writer, 0)
const putShortNull = (writer: Writer): void => putInt16(writer, -1)
const putLongNull = (writer: Writer): void => putInt32(writer, -1)

function integer(
  put: (writer: Writer, value: number) => void,
  name: string,
  min: number,
  max: number,
): Write {
  return (writer, value) => {
    const number = value as number
    if (!(number >= min && number <= max && Number.isInteger(number))) unfit(name, value)
    put(writer, number)
  }
}

/** Says which field was given what it cannot hold. It stands apart so that no text is made where all is well. */
function unfit(name: string, value: unknown): void {
  assert(false, `${name} cannot be ${String(value)}`)
}

function uuidEncoder(name: string): Write {
  return (writer, value) => {
    const text = value as string
    if (!/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)) unfit(name, value)
    putUuid(writer, text)
  }
}

/** Writes null where the version allows it, and whatever else there is. */
function orNull(
  field: Field,
  form: Form,
  name: string,
  writeNull: (writer: Writer) => void,
  write: Write,
): Write {
  const nullable = includes(field.nullable, form.version)
  return (writer, value) => {
    if (value !== null) {
      write(writer, value)
      return
    }
    if (!nullable) unfit(`${name} of version ${form.version}`, value)
    writeNull(writer)
  }
}

function writeText(writer: Writer, text: string, flexible: boolean, name: string): void {
  const bytes = textBytes(text)
  if (flexible) putUvarint(writer, bytes + 1)
  else {
    if (bytes > 2 ** 15 - 1) unfit(name, `a text of ${bytes} bytes`)
    putInt16(writer, bytes)
  }
  putText(writer, text, bytes)
}

function writeBytes(
  writer: Writer,
  value: RecordPieces,
  flexible: boolean,
  isPiece: boolean,
): void {
  const pieces = value instanceof Uint8Array ? [value] : value
  const bytes = pieces.reduce((sum, { length }) => sum + length, 0)
  if (flexible) putUvarint(writer, bytes + 1)
  else putInt32(writer, bytes)
  for (const piece of pieces) {
    if (isPiece) putPiece(writer, piece)
    else putBytes(writer, piece)
  }
}

function arrayEncoder(field: Field, form: Form, name: string): Write {
  const write = valueEncoder(field.element!, form, name)
  const { flexible } = form
  return orNull(field, form, name, flexible ? putUvarintNull : putLongNull, (writer, value) => {
    const values = value as readonly unknown[]
    if (flexible) putUvarint(writer, values.length + 1)
    else putInt32(writer, values.length)
    for (const element of values) write(writer, element)
  })
}

/** A struct that may be null has a byte before it: 1, or -1 where it is null (KIP-893). */
function maybeStructEncoder(field: Field, form: Form, name: string): Write {
  const write = structEncoder(field.fields!, form, name)
  if (!includes(field.nullable, form.version)) return write
  return (writer, value) => {
    putInt8(writer, value === null ? -1 : 1)
    if (value !== null) write(writer, value)
  }
}

interface Part {
  readonly name: string
  readonly path: string
  readonly field: Field
  readonly write: Write
}

function structEncoder(fields: Fields, form: Form, path: string): Write {
  const parts = Object.entries(fields)
    .filter(([, { versions }]) => includes(versions, form.version))
    .map(([name, field]): Part => {
      const inside = `${path}.${name}`
      return { name, path: inside, field, write: valueEncoder(field, form, inside) }
    })
  const isTagged = ({ field }: Part): boolean => field.tag !== undefined && form.flexible
  const plain = parts.filter((part) => !isTagged(part))
  const tagged = parts.filter(isTagged).toSorted((a, b) => a.field.tag! - b.field.tag!)
  return (writer, value) => {
    const values = value as Readonly<Record<string, unknown>>
    for (const part of plain) part.write(writer, givenOr(values[part.name], part))
    if (!form.flexible) return
    if (tagged.length === 0) putInt8(writer, 0)
    else writeTags(writer, values, tagged)
  }
}

function givenOr(value: unknown, { field, path }: Part): unknown {
  if (value !== undefined) return value
  if (!field.isOptional) unfit(path, value)
  return field.otherwise
}

/** Only what is not as it would be anyway goes into the tag section. */
function writeTags(
  writer: Writer,
  values: Readonly<Record<string, unknown>>,
  tagged: readonly Part[],
): void {
  // Most often there are none, and then nothing is made.
  let present: Part[] | undefined
  for (const part of tagged) {
    const value = values[part.name]
    if (value !== undefined && !isSame(value, part.field.otherwise)) (present ??= []).push(part)
  }
  if (!present) {
    putInt8(writer, 0)
    return
  }
  putUvarint(writer, present.length)
  for (const { name, field, write } of present) {
    const inside = newWriter(64)
    write(inside, values[name])
    putUvarint(writer, field.tag!)
    putUvarint(writer, inside.at)
    putBytes(writer, inside.bytes.subarray(0, inside.at))
  }
}

function isSame(value: unknown, other: unknown): boolean {
  if (Array.isArray(value)) return Array.isArray(other) && value.length === 0 && other.length === 0
  if (typeof value !== 'object' || value === null || typeof other !== 'object' || other === null) {
    return value === other
  }
  const values = value as Readonly<Record<string, unknown>>
  return Object.entries(other).every(
    ([name, otherwise]) => values[name] === undefined || isSame(values[name], otherwise),
  )
}
