import { isUtf8 } from 'node:buffer'

/** The type of what nothing is known of. */
export const unknownType = 'application/octet-stream'

/** Text in UTF-8; markup and scripts among it, which are never called more than that. */
export const textType = 'text/plain'

/** Signatures at the beginning, in Latin-1; `?` stands for any byte. */
const signatures: readonly (readonly [signature: string, type: string])[] = [
  ['\x89PNG\r\n\x1a\n', 'image/png'],
  ['\xff\xd8\xff', 'image/jpeg'],
  ['GIF87a', 'image/gif'],
  ['GIF89a', 'image/gif'],
  ['RIFF????WEBPVP8', 'image/webp'],
  ['RIFF????WAVE', 'audio/wav'],
  ['ID3', 'audio/mpeg'],
  ['fLaC', 'audio/flac'],
  ['%PDF-', 'application/pdf'],
  ['PK\x03\x04', 'application/zip'],
  ['PK\x05\x06', 'application/zip'],
  ['\x1f\x8b\x08', 'application/gzip'],
  ['7z\xbc\xaf\x27\x1c', 'application/x-7z-compressed'],
]

/** What the brand of an ISO base media file (ISO/IEC 14496-12, `ftyp`) says; others are video. */
const brands: Readonly<Record<string, string>> = {
  'M4A ': 'audio/mp4',
  'M4B ': 'audio/mp4',
  'qt  ': 'video/quicktime',
  avif: 'image/avif',
  avis: 'image/avif',
  heic: 'image/heic',
  heix: 'image/heic',
  mif1: 'image/heic',
}

function matches(head: string, signature: string): boolean {
  if (head.length < signature.length) return false
  for (let i = 0; i < signature.length; i++) {
    if (signature[i] !== '?' && signature[i] !== head[i]) return false
  }
  return true
}

/** Containers that say inside what they hold. */
function containerType(head: string): string | undefined {
  if (head.slice(4, 8) === 'ftyp') return brands[head.slice(8, 12)] ?? 'video/mp4'
  if (head.startsWith('OggS')) {
    return head.slice(0, 200).includes('theora') ? 'video/ogg' : 'audio/ogg'
  }
  if (head.startsWith('\x1a\x45\xdf\xa3')) {
    return head.slice(0, 100).includes('webm') ? 'video/webm' : 'video/x-matroska'
  }
  return undefined
}

/** A frame of MPEG audio (layer III: ISO/IEC 11172-3 2.4.1.3) with nothing before it. */
function isMpegAudio(head: Uint8Array): boolean {
  const [first = 0, second = 0, third = 0] = head
  const isFrame = first === 0xff && (second & 0xe6) === 0xe2
  return isFrame && (third & 0xf0) !== 0xf0 && (third & 0x0c) !== 0x0c
}

/** Whether it reads as text: UTF-8 without the control characters that no text has. */
function isText(head: Uint8Array, whole: boolean): boolean {
  if (head.length === 0) return false
  // The last character may be cut, where the head is not the whole file.
  let end = head.length
  if (!whole) {
    for (let back = 1; back <= 3 && end === head.length; back++) {
      if ((head[head.length - back] ?? 0) >= 0xc0) end = head.length - back
    }
  }
  const text = head.subarray(0, end)
  return isUtf8(text) && !/[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]/.test(Buffer.from(text).toString())
}

/**
 * What a file is, by its first bytes alone: names and declared types are the sender's word, and this is
 * not. SVG, HTML and scripts are text. `whole` says that there is nothing after the head.
 */
export function typeOf(head: Uint8Array, whole: boolean): string {
  const latin = Buffer.from(head.subarray(0, 256)).toString('latin1')
  const known =
    signatures.find(([signature]) => matches(latin, signature))?.[1] ?? containerType(latin)
  if (known !== undefined) return known
  if (isMpegAudio(head)) return 'audio/mpeg'
  return isText(head, whole) ? textType : unknownType
}

const pictures = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp'])

/** Whether it is a picture of a kind that is looked into and shown. */
export function isPicture(type: string): boolean {
  return pictures.has(type)
}

const media = new Set([
  'audio/mpeg',
  'audio/mp4',
  'audio/ogg',
  'audio/wav',
  'audio/flac',
  'video/mp4',
  'video/webm',
  'video/ogg',
])

/** Whether a browser may show it where it is: no markup, no script, nothing that could bring some along. */
export function isShown(type: string, understood: boolean): boolean {
  return isPicture(type) ? understood : media.has(type)
}
