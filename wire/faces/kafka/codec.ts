import { limits } from '@fermata/base/limits'
import { ok, refused, type Result } from '@fermata/base/result'
import {
  apiNames,
  apiOf,
  apis,
  type ApiName,
  type RequestBody,
  type RequestDraft,
  type ResponseBody,
  type ResponseDraft,
} from './apis.ts'
import { decoderOf, skipTags } from './decoder.ts'
import type { Message } from './declare.ts'
import { encoderOf } from './encoder.ts'
import { errorCodes } from './errors.ts'
import { fail, newReader, readInt16, readInt32, readShortLength, type Reader } from './reader.ts'
import { includes, type Versions } from './versions.ts'
import {
  finish,
  newWriter,
  putInt16,
  putInt32,
  putInt32At,
  putInt8,
  putText,
  textBytes,
  type Writer,
} from './writer.ts'

// Whole requests and responses. Sources: the Kafka protocol guide; KIP-482 (headers with tags), KIP-511 (ApiVersions).
//
//   request  => header body
//   header   => int16 api key, int16 version, int32 correlation id, nullable string client id   header 1
//             | the same, [tags]                                                                header 2, of flexible versions
//   response => int32 length, header body
//   header   => int32 correlation id                                                            header 0
//             | the same, [tags]                                                                header 1, of flexible versions
//
// The client id is never compact. The response to ApiVersions has header 0 in every version: the client cannot know yet what
// the server speaks. For the same reason a version of it that is not known is answered, by version 0 with error 35.

/** The versions of each API that a server answers. */
export type Offer = Readonly<Partial<Record<ApiName, Versions>>>

/** What apis.ts offers. */
export const offered: Offer = Object.fromEntries(apiNames.map((name) => [name, apis[name].offered]))

/** What stands at the head of a request. */
export interface RequestHeader<Name extends ApiName = ApiName> {
  readonly api: Name
  readonly version: number
  readonly correlationId: number
  readonly clientId: string | null
}

/** A request to one API. */
export interface RequestOf<Name extends ApiName> extends RequestHeader<Name> {
  readonly body: RequestBody<Name>
}

/** A request, told apart by `api`. */
export type Request = { [Name in ApiName]: RequestOf<Name> }[ApiName]

/** Why a frame is no request that can be answered in the usual way. */
export type RequestRefusal =
  | { readonly code: 'unknown_api'; readonly key: number; readonly version: number }
  | ({ readonly code: 'unsupported_version' } & Omit<RequestHeader, 'clientId'>)
  | ({ readonly code: 'malformed'; readonly api?: ApiName; readonly version?: number } & Flaw)

/** What is wrong with a frame, and where. */
export interface Flaw {
  /** Such as `topicData[0].partitionData[2].records`. */
  readonly field: string
  readonly reason: string
}

/** A response to one API. */
export interface ResponseTo<Name extends ApiName> {
  readonly api: Name
  readonly version: number
  readonly correlationId: number
  readonly body: ResponseDraft<Name>
}

/**
 * Reads a frame as a request. Bytes and records in it are views of the frame: whoever keeps them copies them.
 * What follows its last field is passed over: librdkafka leaves bytes there where it asks for all topics.
 * `versions` are those that are taken; they must be declared.
 */
export function decodeRequest(
  frame: Uint8Array,
  versions: Offer = offered,
): Result<Request, RequestRefusal> {
  const reader = newReader(frame, limits.kafkaElementsMax)
  const key = headerField(reader, 'apiKey', readInt16)
  const version = headerField(reader, 'apiVersion', readInt16)
  const correlationId = headerField(reader, 'correlationId', readInt32)
  if (reader.fault !== undefined) return refused({ code: 'malformed', ...flawOf(reader) })
  const api = apiOf(key)
  const taken = api && versions[api]
  if (!taken || taken.min > taken.max) return refused({ code: 'unknown_api', key, version })
  if (!includes(taken, version))
    return refused({ code: 'unsupported_version', api, version, correlationId })

  const message: Message = apis[api].request
  const clientId = headerField(reader, 'clientId', readClientId)
  if (includes(message.flexible, version)) headerField(reader, 'header', skipTags)
  const body = readBody(reader, message, version)
  if (reader.fault !== undefined)
    return refused({ code: 'malformed', api, version, ...flawOf(reader) })
  return ok({ api, version, correlationId, clientId, body } as Request)
}

/** A client's own name for itself; it is only shown, so that bytes that are no text harm nobody. */
function readClientId(reader: Reader): string | null {
  const length = readShortLength(reader)
  if (length < 0) return null
  reader.at += length
  return reader.bytes.toString('utf8', reader.at - length, reader.at)
}

function headerField<T>(reader: Reader, name: string, read: (reader: Reader) => T): T {
  const wasFine = reader.fault === undefined
  const value = read(reader)
  if (wasFine && reader.fault !== undefined) reader.path.push(name)
  return value
}

function readBody(reader: Reader, message: Message, version: number): unknown {
  return reader.fault === undefined ? decoderOf(message, version)(reader) : undefined
}

/** A response of ours ends where its frame does. */
function checkEnd(reader: Reader, message: Message): void {
  if (reader.fault !== undefined || reader.at === reader.end) return
  fail(reader, `has ${reader.end - reader.at} bytes after its last field`)
  reader.path.push(message.name)
}

function flawOf({ path, fault }: Reader): Flaw {
  const field = path.toReversed().join('.').replaceAll('.[', '[')
  return { field, reason: fault ?? 'is malformed' }
}

/** Writes a response as a frame with its length, in pieces that follow each other; records in it are not copied. */
export function encodeResponse<Name extends ApiName>(
  response: ResponseTo<Name>,
): readonly Uint8Array[] {
  const { api, version, correlationId, body } = response
  const message: Message = apis[api].response
  const writer = newWriter()
  putInt32(writer, 0)
  putInt32(writer, correlationId)
  if (hasResponseTags(api, version)) putInt8(writer, 0)
  encoderOf(message, version)(writer, body)
  return frameOf(writer)
}

/** Whether the header of a response has a tag section. */
function hasResponseTags(api: ApiName, version: number): boolean {
  return api !== 'ApiVersions' && includes(apis[api].response.flexible, version)
}

function frameOf(writer: Writer): readonly Uint8Array[] {
  putInt32At(writer, 0, writer.at - 4 + writer.pieceBytes)
  return finish(writer)
}

/** Versions as the response to ApiVersions names them. */
export function versionsOffered(
  versions: Offer = offered,
): ResponseDraft<'ApiVersions'>['apiKeys'] {
  return apiNames.flatMap((name) => {
    const { min, max } = versions[name] ?? { min: 0, max: -1 }
    return min > max ? [] : [{ apiKey: apis[name].key, minVersion: min, maxVersion: max }]
  })
}

/** Answers an ApiVersions of a version that is not known: by version 0, which every client reads, with our versions of it. */
export function encodeUnknownVersion(
  correlationId: number,
  versions: Offer = offered,
): readonly Uint8Array[] {
  const apiKeys = versionsOffered({ ApiVersions: versions.ApiVersions ?? apis.ApiVersions.offered })
  const body = { errorCode: errorCodes.UNSUPPORTED_VERSION, apiKeys }
  return encodeResponse({ api: 'ApiVersions', version: 0, correlationId, body })
}

/** Writes a request as a client does, as a frame with its length. */
export function encodeRequest<Name extends ApiName>(
  request: RequestHeader<Name> & { readonly body: RequestDraft<Name> },
): readonly Uint8Array[] {
  const { api, version, correlationId, clientId, body } = request
  const message: Message = apis[api].request
  const writer = newWriter()
  putInt32(writer, 0)
  putInt16(writer, apis[api].key)
  putInt16(writer, version)
  putInt32(writer, correlationId)
  const length = clientId === null ? -1 : textBytes(clientId)
  putInt16(writer, length)
  if (clientId !== null) putText(writer, clientId, length)
  if (includes(message.flexible, version)) putInt8(writer, 0)
  encoderOf(message, version)(writer, body)
  return frameOf(writer)
}

/** A response as its client reads it. */
export interface Response<Name extends ApiName> {
  readonly correlationId: number
  readonly body: ResponseBody<Name>
}

/** Reads a frame, without its length, as the response to a request of which the client knows API and version. */
export function decodeResponse<Name extends ApiName>(
  frame: Uint8Array,
  api: Name,
  version: number,
): Result<Response<Name>, Flaw> {
  const message: Message = apis[api].response
  const reader = newReader(frame, limits.kafkaElementsMax)
  const correlationId = headerField(reader, 'correlationId', readInt32)
  if (hasResponseTags(api, version)) headerField(reader, 'header', skipTags)
  const body = readBody(reader, message, version) as ResponseBody<Name>
  checkEnd(reader, message)
  return reader.fault === undefined ? ok({ correlationId, body }) : refused(flawOf(reader))
}
