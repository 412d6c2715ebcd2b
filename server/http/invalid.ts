import { refusal, type Refusal } from '@fermata/contract/errors'

/** What the validator says of a part that does not fit its schema. */
export interface SchemaError {
  readonly keyword: string
  /** A JSON pointer into the part: `/message/text`. */
  readonly instancePath: string
  readonly params: Readonly<Record<string, unknown>>
}

const fieldCharsMax = 200

/** How many words a sentence may list before it says that there are more. */
const wordsSaid = 12

/** Words as a sentence lists them; the reference has them all. */
function someOf(words: readonly string[]): string {
  const more = words.length - wordsSaid
  const said = words.slice(0, wordsSaid).join(', ')
  return more > 0 ? `${said} and ${more} more` : said
}

function fieldOf(part: string, error: SchemaError): string {
  const names = error.instancePath.split('/').slice(1)
  const { missingProperty, additionalProperty } = error.params
  const last = missingProperty ?? additionalProperty
  if (typeof last === 'string') names.push(last)
  return [part, ...names].join('.').slice(0, fieldCharsMax).toWellFormed()
}

const kindNames: Readonly<Record<string, string>> = {
  string: 'a text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  object: 'an object',
  array: 'a list',
  null: 'null',
}

function kinds(type: unknown): string {
  const names = Array.isArray(type) ? type : [type]
  return names.map((name) => kindNames[String(name)] ?? String(name)).join(' or ')
}

/** What must be different, as the end of a sentence that begins with the field's name. */
function demand({ keyword, params }: SchemaError): string {
  const { limit, type, allowedValues } = params
  switch (keyword) {
    case 'required':
      return 'is missing'
    case 'additionalProperties':
      return 'is not known here'
    case 'type':
      return `must be ${kinds(type)}`
    case 'enum':
      return `must be one of: ${someOf(allowedValues as string[])}`
    case 'minLength':
      return `must have at least ${String(limit)} character${limit === 1 ? '' : 's'}`
    case 'maxLength':
      return `may have at most ${String(limit)} characters`
    case 'minimum':
      return `must be at least ${String(limit)}`
    case 'maximum':
      return `may be at most ${String(limit)}`
    case 'minItems':
      return `must have at least ${String(limit)} entr${limit === 1 ? 'y' : 'ies'}`
    case 'maxItems':
      return `may have at most ${String(limit)} entries`
    case 'minProperties':
      return 'must name at least one field'
    case 'uniqueItems':
      return 'names something twice'
    default:
      return 'has a wrong form'
  }
}

const upperLimits = new Set(['maxLength', 'maximum', 'maxItems'])

/**
 * Puts the validator's finding into a refusal that names the field, as a path such as `body.text`, and
 * the limit that it went over. The validator stops at the first finding, so the first is the one.
 */
export function invalid(part: string, errors: readonly SchemaError[]): Refusal {
  const [first] = errors
  if (first === undefined) return refusal('invalid_field', { field: part })
  const field = fieldOf(part, first)
  const { limit } = first.params
  const met = upperLimits.has(first.keyword) && typeof limit === 'number' ? { limit } : {}
  return refusal('invalid_field', { message: `${field} ${demand(first)}.`, field, ...met })
}
