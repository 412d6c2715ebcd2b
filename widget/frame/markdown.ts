import DOMPurify from 'dompurify'
import { Marked } from 'marked'

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"]/g, (sign) => entities[sign] ?? sign)
}

/** HTML that somebody wrote is shown as they wrote it; a picture becomes a link to it. */
const marked = new Marked({
  gfm: true,
  breaks: true,
  renderer: {
    html: ({ text }) => escaped(text),
    image({ href, text }) {
      return `<a href="${escaped(href)}">${escaped(text === '' ? href : text)}</a>`
    },
    checkbox: ({ checked }) => (checked ? '☑ ' : '☐ '),
  },
})

const blocks = [
  'blockquote',
  'h1',
  'h2',
  'h3',
  'h4',
  'h5',
  'h6',
  'hr',
  'p',
  'pre',
  'li',
  'ol',
  'ul',
]
const tables = ['table', 'tbody', 'td', 'th', 'thead', 'tr']
const words = ['a', 'br', 'code', 'del', 'em', 'strong']

/**
 * The nodes that a text in Markdown stands for. Nothing in them runs, loads or looks like ours: only
 * the elements and attributes of a list, links only to the web, mail and telephones, no pictures.
 */
export function markdownNodes(text: string): DocumentFragment {
  const fragment = DOMPurify.sanitize(marked.parse(text, { async: false }), {
    ALLOWED_TAGS: [...blocks, ...tables, ...words],
    ALLOWED_ATTR: ['href', 'start'],
    ALLOWED_URI_REGEXP: /^(?:https?|mailto|tel):/i,
    ALLOW_ARIA_ATTR: false,
    ALLOW_DATA_ATTR: false,
    RETURN_DOM_FRAGMENT: true,
  })
  for (const link of fragment.querySelectorAll('a')) {
    link.target = '_blank'
    link.rel = 'noopener noreferrer nofollow ugc'
  }
  return fragment
}
