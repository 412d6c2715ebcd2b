import { versionsOf, type Versions } from './versions.ts'

// What messages are made of, as data. A message is declared once, for all of its versions; reader.ts and
// writer.ts hold the grammar of each kind, decoder.ts and encoder.ts put them together for a version.
//
//   message  => field* [tags]          fields in the order in which they are declared
//   field    => nothing                in versions outside `in`
//             | value
//             | in [tags]              where it has a `tag` and the version is flexible
//   struct   => [presence] field* [tags]
//   array    => count value*
//   [tags]   => tag section            in flexible versions alone (KIP-482)
//
// Sources: the Kafka protocol guide; KIP-482 (flexible versions, tagged fields), KIP-893 (structs that may be null).

/** What a value is on the wire. */
export type Kind =
  | 'boolean'
  | 'int8'
  | 'int16'
  | 'uint16'
  | 'int32'
  | 'int64'
  | 'float64'
  | 'uuid'
  | 'string'
  | 'bytes'
  | 'records'
  | 'array'
  | 'struct'

/** A field of a message, or the element of an array. */
export interface Field<Value = unknown, Draft = unknown, Optional extends boolean = boolean> {
  readonly kind: Kind
  /** The versions that hold it. */
  readonly versions: Versions
  /** The versions in which it may be null. */
  readonly nullable: Versions
  /** Its number in the tag section, where flexible versions keep it. */
  readonly tag: number | undefined
  /** What it is where the wire does not hold it; the empty value of its kind where nothing is said. */
  readonly otherwise: unknown
  /** Whether a draft may leave it out. */
  readonly isOptional: boolean
  /** Whether an integer beyond 2^53 means no more than one at 2^53, and is read as that. */
  readonly saturates: boolean
  /** Of an array: what each element is. */
  readonly element: Field | undefined
  /** Of a struct: what it is made of. */
  readonly fields: Fields | undefined
  /** For the compiler alone, never there at run time. */
  readonly types?: { readonly value: Value; readonly draft: Draft; readonly optional: Optional }
}

/** Fields by their names, in the order of the wire. */
export interface Fields {
  readonly [name: string]: Field
}

/** A message in all of its versions. */
export interface Message<F extends Fields = Fields> {
  readonly name: string
  readonly versions: Versions
  /** The versions with compact lengths and tag sections. */
  readonly flexible: Versions
  readonly fields: F
}

/** What can be said about a field besides its kind. */
export interface Rules<Value> {
  /** The versions that hold it; all where nothing is said. */
  readonly in?: string
  /** The versions in which it may be null; `true` for all that hold it. */
  readonly nullable?: string | true
  readonly tag?: number
  /** What it is where the wire does not hold it. With it, a draft may leave the field out. */
  readonly otherwise?: Value | null
  readonly saturates?: true
}

type NoRules = Record<never, never>
type OrNull<R> = R extends { readonly nullable: string | true } ? null : never
type IsOptional<R> = R extends { readonly otherwise: unknown } ? true : false
type Of<Value, R, Draft = Value> = Field<Value | OrNull<R>, Draft | OrNull<R>, IsOptional<R>>

type TypesOf<F> =
  F extends Field<infer V, infer D, infer O> ? { value: V; draft: D; optional: O } : never
type OptionalNames<F extends Fields> = {
  [Name in keyof F]: TypesOf<F[Name]>['optional'] extends true ? Name : never
}[keyof F]

/** What is read: every field is there, in every version. */
export type Values<F extends Fields> = { readonly [Name in keyof F]: TypesOf<F[Name]>['value'] }

/** What is written: fields with a value of their own for `otherwise` may be left out. */
export type Drafts<F extends Fields> = {
  readonly [Name in Exclude<keyof F, OptionalNames<F>>]: TypesOf<F[Name]>['draft']
} & { readonly [Name in OptionalNames<F>]?: TypesOf<F[Name]>['draft'] | undefined }

/** The body that is read of a message. */
export type BodyOf<M> = M extends Message<infer F> ? Values<F> : never

/** The body that a message is written from. */
export type DraftOf<M> = M extends Message<infer F> ? Drafts<F> : never

/** Record batches to be written: in one piece, or in several that lie one after the other. */
export type RecordPieces = Uint8Array | readonly Uint8Array[]

/** The id of nothing: 16 bytes of zero. */
export const noUuid = '00000000-0000-0000-0000-000000000000'

/** Stands for permissions, a bit for each operation, where nobody asked for them (KIP-430). */
export const notAsked = -(2 ** 31)

const noBytes = new Uint8Array()

/** The empty value of each kind; that of a struct is made of its fields'. */
const empty: Readonly<Record<Kind, unknown>> = {
  boolean: false,
  int8: 0,
  int16: 0,
  uint16: 0,
  int32: 0,
  int64: 0,
  float64: 0,
  uuid: noUuid,
  string: '',
  bytes: noBytes,
  records: null,
  array: Object.freeze([]),
  struct: undefined,
}

function field(
  kind: Kind,
  rules: Rules<unknown>,
  inside: { readonly element?: Field; readonly fields?: Fields } = {},
): Field {
  const versions = versionsOf(rules.in ?? '0+')
  const nullable = rules.nullable === true ? versions : versionsOf(rules.nullable ?? 'none')
  const fallback = inside.fields ? defaultsOf(inside.fields) : empty[kind]
  return {
    kind,
    versions,
    nullable,
    tag: rules.tag,
    otherwise: rules.otherwise === undefined ? fallback : rules.otherwise,
    isOptional: rules.otherwise !== undefined,
    saturates: rules.saturates ?? false,
    element: inside.element,
    fields: inside.fields,
  }
}

/** What each field is where the wire holds none of them. */
export function defaultsOf(fields: Fields): Readonly<Record<string, unknown>> {
  const pairs = Object.entries(fields).map(([name, { otherwise }]) => [name, otherwise] as const)
  return Object.freeze(Object.fromEntries(pairs))
}

/** One byte: 0 is false, anything else true. */
export function boolean<const R extends Rules<boolean> = NoRules>(rules?: R): Of<boolean, R> {
  return field('boolean', rules ?? {}) as Of<boolean, R>
}

/** A signed integer of one byte. */
export function int8<const R extends Rules<number> = NoRules>(rules?: R): Of<number, R> {
  return field('int8', rules ?? {}) as Of<number, R>
}

/** A signed integer of two bytes. */
export function int16<const R extends Rules<number> = NoRules>(rules?: R): Of<number, R> {
  return field('int16', rules ?? {}) as Of<number, R>
}

/** An integer of two bytes without a sign. */
export function uint16<const R extends Rules<number> = NoRules>(rules?: R): Of<number, R> {
  return field('uint16', rules ?? {}) as Of<number, R>
}

/** A signed integer of four bytes. */
export function int32<const R extends Rules<number> = NoRules>(rules?: R): Of<number, R> {
  return field('int32', rules ?? {}) as Of<number, R>
}

/** A signed integer of eight bytes, as a safe integer. */
export function int64<const R extends Rules<number> = NoRules>(rules?: R): Of<number, R> {
  return field('int64', rules ?? {}) as Of<number, R>
}

/** A number of eight bytes (IEEE 754). */
export function float64<const R extends Rules<number> = NoRules>(rules?: R): Of<number, R> {
  return field('float64', rules ?? {}) as Of<number, R>
}

/** Sixteen bytes, as `01234567-89ab-cdef-0123-456789abcdef`. */
export function uuid<const R extends Rules<string> = NoRules>(rules?: R): Of<string, R> {
  return field('uuid', rules ?? {}) as Of<string, R>
}

/** A text in UTF-8. */
export function string<const R extends Rules<string> = NoRules>(rules?: R): Of<string, R> {
  return field('string', rules ?? {}) as Of<string, R>
}

/** Bytes that mean nothing here. What is read is a view of the frame. */
export function bytes<const R extends Rules<Uint8Array> = NoRules>(rules?: R): Of<Uint8Array, R> {
  return field('bytes', rules ?? {}) as Of<Uint8Array, R>
}

/** Record batches. What is read is a view of the frame; what is written is handed on without a copy. */
export function records<const R extends Rules<Uint8Array> = NoRules>(
  rules?: R,
): Of<Uint8Array, R, RecordPieces> {
  return field('records', rules ?? {}) as Of<Uint8Array, R, RecordPieces>
}

/** Values of one kind, as many as there are. */
export function array<F extends Field, const R extends Rules<readonly []> = NoRules>(
  element: F,
  rules?: R,
): Of<readonly TypesOf<F>['value'][], R, readonly TypesOf<F>['draft'][]> {
  return field('array', rules ?? {}, { element }) as Of<
    readonly TypesOf<F>['value'][],
    R,
    readonly TypesOf<F>['draft'][]
  >
}

/** Several fields as one. */
export function struct<F extends Fields, const R extends StructRules = NoRules>(
  fields: F,
  rules?: R,
): StructOf<F, R> {
  return field('struct', rules ?? {}, { fields }) as StructOf<F, R>
}

/** A struct is absent, null, or whole: it has no other value of its own. Where it has a tag, a draft may leave it out. */
export type StructRules = Rules<null>
type StructOf<F extends Fields, R> = Field<
  Values<F> | OrNull<R>,
  Drafts<F> | OrNull<R>,
  R extends { readonly tag: number } | { readonly otherwise: null } ? true : false
>

/** Structs, as many as there are. */
export function rows<F extends Fields, const R extends Rules<readonly []> = NoRules>(
  fields: F,
  rules?: R,
): Of<readonly Values<F>[], R, readonly Drafts<F>[]> {
  return field('array', rules ?? {}, { element: struct(fields) }) as Of<
    readonly Values<F>[],
    R,
    readonly Drafts<F>[]
  >
}

/** Declares a message: its name, the versions that are known, and those of them that are flexible. */
export function message<F extends Fields>(declared: {
  readonly name: string
  readonly versions: string
  readonly flexible: string
  readonly fields: F
}): Message<F> {
  const { name, fields } = declared
  const flexible = versionsOf(declared.flexible)
  return { name, versions: versionsOf(declared.versions), flexible, fields }
}
