/** A piece of HTML that is whole in itself; only what this file makes is one. */
export interface Html {
  readonly html: string
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** A text as HTML that shows it letter by letter. */
export function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (letter) => entities[letter] ?? letter)
}

type Part = string | number | Html | readonly Html[]

function partHtml(part: Part): string {
  if (typeof part === 'string') return escaped(part)
  if (typeof part === 'number') return String(part)
  return 'html' in part ? part.html : part.map(({ html }) => html).join('')
}

/** Puts HTML together: what stands in the template is taken as it is, every text in it is escaped. */
export function html(template: TemplateStringsArray, ...parts: readonly Part[]): Html {
  const pieces = template.map((piece, i) => piece + (i < parts.length ? partHtml(parts[i]!) : ''))
  return { html: pieces.join('') }
}

/** A text with its `code` set apart. */
export function prose(text: string): Html {
  const pieces = text.split('`')
  const set = pieces.map((piece, i) => (i % 2 === 1 ? html`<code>${piece}</code>` : html`${piece}`))
  return html`${set}`
}
