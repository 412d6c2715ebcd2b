import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'

/** A built file as it is sent. */
export interface BuiltFile {
  readonly bytes: Buffer
  readonly type: string
  /** Changes with the content. */
  readonly etag: string
  /** The same content compressed, where the build made it. */
  readonly brotli: Buffer | null
  readonly gzip: Buffer | null
}

/** The files of a build, by their paths in it (`assets/app-1a2b.js`). */
export type BuiltFiles = ReadonlyMap<string, BuiltFile>

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
}

/** A file made here and now, as the built ones are. */
export function fileOf(bytes: Buffer, extension: string): BuiltFile {
  const digest = createHash('sha256').update(bytes).digest('base64url').slice(0, 22)
  const type = types[extension] ?? 'application/octet-stream'
  return { bytes, type, etag: `"${digest}"`, brotli: null, gzip: null }
}

function compressed(path: string): Buffer | null {
  return existsSync(path) ? readFileSync(path) : null
}

/**
 * Reads a build into memory, so that a request can name nothing but what was there, and a build that
 * runs meanwhile shows at the next start and not in halves. Null when there is none.
 */
export function readBuild(folder: string): BuiltFiles | null {
  if (!existsSync(folder)) return null
  const files = new Map<string, BuiltFile>()
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const extension = extname(entry.name)
    if (!entry.isFile() || types[extension] === undefined || entry.name.startsWith('.')) continue
    const path = join(entry.parentPath, entry.name)
    const file = fileOf(readFileSync(path), extension)
    const name = relative(folder, path).split(sep).join('/')
    files.set(name, {
      ...file,
      brotli: compressed(`${path}.br`),
      gzip: compressed(`${path}.gz`),
    })
  }
  return files
}
