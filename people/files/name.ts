import { limits } from '@fermata/base/limits'

/** Controls, line ends, invisible marks, and those that turn the direction of what follows. */
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}]/gu

/** What some file system reads as something else. */
const reserved = /[<>:"|?*]/g

/**
 * A file's name as its sender gave it, made harmless: no path, nothing invisible, nothing that a file system
 * takes for more than a letter, at most `fileNameCharsMax` characters with its ending kept. Files are
 * not stored under it.
 */
export function harmlessName(given: string): string {
  const last = given.normalize('NFC').split(/[/\\]/).at(-1) ?? ''
  const plain = last
    .replaceAll(invisible, '')
    .replaceAll(reserved, '_')
    .replaceAll(/\s+/gu, ' ')
    .replace(/^[. ]+/, '')
    .replace(/[. ]+$/, '')
  return plain === '' ? 'file' : shortened(plain)
}

function shortened(name: string): string {
  const max = limits.fileNameCharsMax
  if (name.length <= max) return name
  const ending = /\.[^.\s]{1,15}$/u.exec(name)?.[0] ?? ''
  // A pair of surrogates is one character; half of one is none.
  const start = name.slice(0, max - ending.length).replace(/[\uD800-\uDBFF]$/, '')
  return start.trimEnd() + ending
}

/**
 * The value of a Content-Disposition header (RFC 6266), with the name in plain letters for old readers
 * and in full (RFC 8187) for all others.
 */
export function disposition(kind: 'inline' | 'attachment', name: string): string {
  const plain = name.replaceAll(/[^\x20-\x7e]|["\\%]/g, '_')
  const full = encodeURIComponent(name).replaceAll(
    /['()*]/g,
    (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `${kind}; filename="${plain}"; filename*=UTF-8''${full}`
}
