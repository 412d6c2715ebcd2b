import { limits } from '@fermata/base/limits'

/** The cookie that holds a member's session. */
export const sessionCookieName = 'fermata_session'

/** The value of a cookie in a request's header, or null. */
export function readCookie(header: string | undefined, name: string): string | null {
  if (header === undefined) return null
  let at = 0
  while (at < header.length) {
    const end = header.indexOf(';', at)
    const stop = end < 0 ? header.length : end
    const equals = header.indexOf('=', at)
    if (equals >= 0 && equals < stop && header.slice(at, equals).trim() === name) {
      const value = header.slice(equals + 1, stop).trim()
      return value === '' ? null : value
    }
    at = stop + 1
  }
  return null
}

/**
 * The header that sets the session's cookie, or clears it. Scripts cannot read it, other sites cannot
 * send it along with anything but a link, and over HTTPS it never travels in the clear.
 */
export function sessionCookie(value: string | null, secure: boolean): string {
  const seconds = value === null ? 0 : Math.floor(limits.sessionMsMax / 1_000)
  const end = secure ? '; Secure' : ''
  return `${sessionCookieName}=${value ?? ''}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Lax${end}`
}
