import DOMPurify, { type Config } from 'dompurify'
import { Marked, type Tokens } from 'marked'

/** What somebody's text may become. Everything else is shown as the text that it is, or falls away. */
const allowed: Config = {
  ALLOWED_TAGS: [
    ...['p', 'br', 'hr', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'ul', 'ol', 'li', 'blockquote'],
    ...['strong', 'em', 'del', 'code', 'pre', 'a', 'table', 'thead', 'tbody', 'tr', 'th', 'td'],
  ],
  ALLOWED_ATTR: ['href', 'rel', 'target', 'start'],
  // These hold no address, so they need not look like one.
  ADD_URI_SAFE_ATTR: ['rel', 'target', 'start'],
  ALLOWED_URI_REGEXP: /^(?:https?:\/\/|mailto:|tel:)/i,
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  KEEP_CONTENT: true,
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)
}

/** An address that a click may lead to; undefined for any other. */
function safeAddress(href: string): string | undefined {
  // Browsers skip these characters inside a scheme, so a check must not be fooled by them.
  const plain = href.replaceAll(/[\u0000-\u0020\u007f-\u009f]/g, '')
  return /^(?:https?:\/\/|mailto:|tel:)/i.test(plain) ? href : undefined
}

function link(href: string, inner: string): string {
  const address = safeAddress(href)
  if (address === undefined) return inner
  return `<a href="${escaped(address)}" target="_blank" rel="noopener noreferrer nofollow">${inner}</a>`
}

const marked = new Marked({
  gfm: true,
  breaks: true,
  async: false,
  renderer: {
    // Whoever writes a tag means the letters: nothing here is HTML.
    html: ({ text }: Tokens.HTML | Tokens.Tag) => escaped(text),
    link({ href, tokens }: Tokens.Link) {
      return link(href, this.parser.parseInline(tokens))
    },
    // A picture would be fetched from wherever its sender says, and tell them who reads it and when.
    image: ({ href, text }: Tokens.Image) => link(href, escaped(text === '' ? href : text)),
    checkbox: ({ checked }: Tokens.Checkbox) => (checked ? '☑ ' : '☐ '),
  },
})

/**
 * Turns somebody's Markdown into HTML that may stand in the page: first by a renderer that lets no tag
 * through, then through an allow-list. Needs a browser.
 */
export function safeHtml(text: string): string {
  return DOMPurify.sanitize(marked.parse(text) as string, allowed)
}
