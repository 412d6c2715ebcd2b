import { ok, refused, type Result } from '@fermata/base/result'

/**
 * The origins in a text, one a line. What is copied from an address bar with a slash at its end is
 * taken as well. Refused with the first line that is none.
 */
export function readOrigins(text: string): Result<string[], string> {
  const origins = new Set<string>()
  for (const line of text.split(/[\s,]+/)) {
    if (line === '') continue
    const url = URL.parse(line)
    const isWeb = url?.protocol === 'https:' || url?.protocol === 'http:'
    if (url === null || !isWeb || url.pathname !== '/' || url.search !== '' || url.hash !== '') {
      return refused(line)
    }
    origins.add(url.origin)
  }
  return ok([...origins])
}

/** The lines that put the chat of an inbox on a page. */
export function snippetFor(server: string, key: string): string {
  return `<script src="${server}/widget.js" data-inbox="${key}" defer></script>`
}
