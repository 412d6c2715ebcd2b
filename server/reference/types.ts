import { html, type Html } from './html.ts'
import type { PlainSchema } from './names.ts'

/** The parts of a schema that are shown. */
interface Shown {
  readonly $ref?: string
  readonly type?: string
  readonly const?: unknown
  readonly enum?: readonly string[]
  readonly pattern?: string
  readonly items?: PlainSchema
  readonly anyOf?: readonly PlainSchema[]
  readonly properties?: Readonly<Record<string, PlainSchema>>
  readonly required?: readonly string[]
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly maxItems?: number
}

const kinds: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'whole number',
  number: 'number',
  boolean: 'true or false',
  null: 'null',
  object: 'object',
}

/** The prefixes in the pattern of an id, or undefined where the pattern is another. */
function idPrefixes(pattern: string): readonly string[] | undefined {
  return /^\^\(([a-z|]+)\)_/.exec(pattern)?.[1]?.split('|')
}

function joined(parts: readonly Html[], word: string): Html {
  return html`${parts.map((part, i) => (i === 0 ? part : html`${word}${part}`))}`
}

function textType({ enum: words, pattern, maxLength }: Shown): Html {
  if (words !== undefined)
    return joined(
      words.map((word) => html`<code>"${word}"</code>`),
      ' or ',
    )
  const prefixes = pattern === undefined ? undefined : idPrefixes(pattern)
  if (prefixes !== undefined)
    return joined(
      prefixes.map((p) => html`<code>${p}_…</code>`),
      ' or ',
    )
  if (pattern?.includes('-7[0-9a-f]')) return html`UUIDv7`
  return maxLength === undefined ? html`text` : html`text, at most ${maxLength} characters`
}

function numberType({ minimum, maximum }: Shown): Html {
  if (maximum === 8_640_000_000_000_000) return html`time in ms`
  if (minimum !== undefined && maximum !== undefined) return html`${minimum} to ${maximum}`
  return minimum === undefined ? html`whole number` : html`whole number from ${minimum}`
}

/** What a value may be, in words, with a link where it has a description of its own. */
export function typeOf(schema: PlainSchema): Html {
  const shown: Shown = schema
  if (shown.$ref !== undefined) {
    const name = shown.$ref.slice(shown.$ref.lastIndexOf('/') + 1)
    return html`<a href="#schema-${name}">${name}</a>`
  }
  if (shown.const !== undefined) return html`<code>${JSON.stringify(shown.const)}</code>`
  if (shown.anyOf !== undefined) return joined(shown.anyOf.map(typeOf), ' or ')
  if (shown.items !== undefined) {
    const most = shown.maxItems === undefined ? html`` : html`at most ${shown.maxItems}: `
    return html`list of ${most}${typeOf(shown.items)}`
  }
  if (shown.type === 'string') return textType(shown)
  if (shown.type === 'integer') return numberType(shown)
  if (shown.properties !== undefined) return fieldTable(schema)
  return html`${kinds[shown.type ?? ''] ?? 'any'}`
}

/** The fields of an object, one in a row. */
export function fieldTable(schema: PlainSchema): Html {
  const { properties = {}, required = [] }: Shown = schema
  const rows = Object.entries(properties).map(
    ([name, field]) =>
      html`<tr>
        <th scope="row">
          <code>${name}</code>${required.includes(name) ? html`` : html` <i>optional</i>`}
        </th>
        <td>${typeOf(field)}</td>
      </tr>`,
  )
  return rows.length === 0
    ? html`<p>No fields.</p>`
    : html`<table>
        ${rows}
      </table>`
}

/** A schema by itself: its fields when it is an object, otherwise what it may be. */
export function described(schema: PlainSchema): Html {
  const { properties, anyOf }: Shown = schema
  if (properties !== undefined) return fieldTable(schema)
  if (anyOf === undefined) return html`<p>${typeOf(schema)}</p>`
  return html`<p>One of:</p>
    <ul>
      ${anyOf.map((one) => html`<li>${typeOf(one)}</li>`)}
    </ul>`
}
