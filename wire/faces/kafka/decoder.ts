import { assert, unreachable } from '@fermata/base/assert'
import { defaultsOf, type Field, type Fields, type Message } from './declare.ts'
import {
  fail,
  readBoolean,
  readCompactLength,
  readFloat64,
  readInt16,
  readInt32,
  readInt64,
  readInt64Saturating,
  readInt8,
  readLongLength,
  readShortLength,
  readText,
  readUint16,
  readUuid,
  readUvarint,
  readView,
  type Reader,
} from './reader.ts'
import { includes } from './versions.ts'

// Puts together, from its declaration, what reads one version of a message. It is made when a version is first met, and kept.

/** Reads a value; what it gives back means nothing where the reader has a fault. */
type Read = (reader: Reader) => unknown

interface Decoder {
  readonly read: Read
  /** The fewest bytes of a value. They say how many elements what is left of a frame can hold. */
  readonly bytesMin: number
}

/** One version of a message. */
interface Form {
  readonly version: number
  readonly flexible: boolean
}

const made = new WeakMap<Message, Map<number, Read>>()

/** What reads a version of a message; the version must be one that is declared. */
export function decoderOf(message: Message, version: number): Read {
  const known = made.get(message) ?? new Map<number, Read>()
  made.set(message, known)
  const found = known.get(version)
  if (found) return found
  assert(includes(message.versions, version), `${message.name} has no version ${version}`)
  const form = { version, flexible: includes(message.flexible, version) }
  const { read } = structDecoder(message.fields, form)
  known.set(version, read)
  return read
}

function valueDecoder(field: Field, form: Form): Decoder {
  const nullable = includes(field.nullable, form.version)
  switch (field.kind) {
    case 'boolean':
      return { read: readBoolean, bytesMin: 1 }
    case 'int8':
      return { read: readInt8, bytesMin: 1 }
    case 'int16':
      return { read: readInt16, bytesMin: 2 }
    case 'uint16':
      return { read: readUint16, bytesMin: 2 }
    case 'int32':
      return { read: readInt32, bytesMin: 4 }
    case 'int64':
      return { read: field.saturates ? readInt64Saturating : readInt64, bytesMin: 8 }
    case 'float64':
      return { read: readFloat64, bytesMin: 8 }
    case 'uuid':
      return { read: readUuid, bytesMin: 16 }
    case 'string':
      return form.flexible
        ? { read: lengthened(readCompactLength, readText, nullable), bytesMin: 1 }
        : { read: lengthened(readShortLength, readText, nullable), bytesMin: 2 }
    case 'bytes':
    case 'records':
      return form.flexible
        ? { read: lengthened(readCompactLength, readView, nullable), bytesMin: 1 }
        : { read: lengthened(readLongLength, readView, nullable), bytesMin: 4 }
    case 'array':
      return arrayDecoder(field, form, nullable)
    case 'struct': {
      const inside = structDecoder(field.fields!, form)
      return nullable ? { read: orNull(inside.read), bytesMin: 1 } : inside
    }
    default:
      return unreachable(field.kind)
  }
}

/** A length, and so many bytes after it. */
function lengthened(
  readLength: (reader: Reader) => number,
  readBytes: (reader: Reader, length: number) => unknown,
  nullable: boolean,
): Read {
  return (reader) => {
    const length = readLength(reader)
    if (length >= 0) return readBytes(reader, length)
    if (!nullable) fail(reader, 'is null')
    return null
  }
}

/** A struct that may be null: a byte below 0 says that it is (KIP-893). */
function orNull(read: Read): Read {
  return (reader) => (readInt8(reader) < 0 ? null : read(reader))
}

function arrayDecoder(field: Field, form: Form, nullable: boolean): Decoder {
  const { read, bytesMin } = valueDecoder(field.element!, form)
  const readCount = form.flexible
    ? (reader: Reader) => readUvarint(reader) - 1
    : (reader: Reader) => readInt32(reader)
  const readArray = (reader: Reader): unknown => {
    const count = readCount(reader)
    if (reader.fault !== undefined || count === 0) return []
    if (count === -1) {
      if (!nullable) fail(reader, 'is null')
      return null
    }
    if (!mayHold(reader, count, bytesMin)) return []
    // It grows as elements come, so that a count alone makes nothing large.
    const values: unknown[] = []
    for (let index = 0; index < count; index++) {
      values.push(read(reader))
      if (reader.fault === undefined) continue
      reader.path.push(`[${index}]`)
      break
    }
    return values
  }
  return { read: readArray, bytesMin: form.flexible ? 1 : 4 }
}

/** Whether so many elements can lie in what is left, and may be made of one frame. */
function mayHold(reader: Reader, count: number, bytesMin: number): boolean {
  const left = reader.end - reader.at
  if (count < 0 || count * bytesMin > left) {
    fail(reader, `has ${count} elements, and ${left} bytes are left`)
    return false
  }
  reader.elementsLeft -= count
  if (reader.elementsLeft >= 0) return true
  fail(reader, `has ${count} elements, more than a frame may hold`)
  return false
}

interface Tagged {
  readonly name: string
  readonly read: Read
}

function structDecoder(fields: Fields, form: Form): Decoder {
  const defaults = defaultsOf(fields)
  const tagged = new Map<number, Tagged>()
  const names: string[] = []
  const reads: Read[] = []
  let bytesMin = form.flexible ? 1 : 0
  for (const [name, field] of Object.entries(fields)) {
    if (!includes(field.versions, form.version)) continue
    const decoder = valueDecoder(field, form)
    if (field.tag !== undefined && form.flexible) {
      tagged.set(field.tag, { name, read: decoder.read })
      continue
    }
    names.push(name)
    reads.push(decoder.read)
    bytesMin += decoder.bytesMin
  }
  const readStruct = (reader: Reader): unknown => {
    const values: Record<string, unknown> = { ...defaults }
    for (let index = 0; index < reads.length; index++) {
      values[names[index]!] = reads[index]!(reader)
      if (reader.fault === undefined) continue
      reader.path.push(names[index]!)
      return values
    }
    if (form.flexible) readTags(reader, values, tagged)
    return values
  }
  return { read: readStruct, bytesMin: Math.max(bytesMin, 1) }
}

const noTags: ReadonlyMap<number, Tagged> = new Map()

/** Reads a tag section of which nothing is known: it is skipped, within its bounds. */
export function skipTags(reader: Reader): void {
  readTags(reader, {}, noTags)
}

function readTags(
  reader: Reader,
  values: Record<string, unknown>,
  tagged: ReadonlyMap<number, Tagged>,
): void {
  const count = readUvarint(reader)
  let previous = -1
  for (let index = 0; index < count && reader.fault === undefined; index++) {
    const tag = readUvarint(reader)
    const bytes = readUvarint(reader)
    if (reader.fault !== undefined) break
    if (tag <= previous) fail(reader, `has tag ${tag} after tag ${previous}`)
    else if (bytes > reader.end - reader.at) fail(reader, `has a tag of ${bytes} bytes, cut off`)
    else readTag(reader, values, bytes, tagged.get(tag))
    previous = tag
  }
  if (reader.fault !== undefined && reader.path.length === 0) reader.path.push('tags')
}

function readTag(
  reader: Reader,
  values: Record<string, unknown>,
  bytes: number,
  known: Tagged | undefined,
): void {
  if (!known) {
    reader.at += bytes
    return
  }
  const { end } = reader
  reader.end = reader.at + bytes
  values[known.name] = known.read(reader)
  if (reader.at !== reader.end) fail(reader, `leaves ${reader.end - reader.at} bytes of its tag`)
  reader.end = end
  if (reader.fault !== undefined) reader.path.push(known.name)
}
