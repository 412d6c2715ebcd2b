import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto'
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import type { FillRandom } from '@fermata/base/ids'

/** Keys derived from one file that lies outside the database, and so outside its backups. */
export interface Keys {
  /** Seals a secret for one place; only the same context opens it again. */
  seal(secret: string, context: string): Uint8Array
  /** Opens what was sealed. Throws `SealBroken` when it, the key file or the context is another. */
  open(sealed: Uint8Array, context: string): string
  /** A secret of its own for a purpose: 43 characters of base64url, the same at every start. */
  derived(purpose: string): string
}

/** A sealed secret cannot be opened: the key file is not the one it was sealed with. */
export class SealBroken extends Error {
  override readonly name = 'SealBroken'
}

const keyBytes = 32
const nonceBytes = 12
const tagBytes = 16
/** The first byte of everything sealed, so that another way of sealing can be told from this. */
const version = 1

/** Seals with AES-256-GCM (NIST SP 800-38D) under keys derived by HKDF-SHA-256 (RFC 5869). */
export function keysFrom(master: Uint8Array, random: FillRandom): Keys {
  const derive = (purpose: string) =>
    Buffer.from(hkdfSync('sha256', master, new Uint8Array(), `fermata ${purpose}`, keyBytes))
  const sealing = derive('seal')
  return {
    seal(secret, context) {
      // Random nonces of 96 bits are safe for 2^32 secrets under one key; there are a few hundred.
      const nonce = new Uint8Array(nonceBytes)
      random(nonce)
      const cipher = createCipheriv('aes-256-gcm', sealing, nonce)
      cipher.setAAD(Buffer.from(context))
      const text = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()])
      return Buffer.concat([Uint8Array.of(version), nonce, cipher.getAuthTag(), text])
    },
    open(sealed, context) {
      const textAt = 1 + nonceBytes + tagBytes
      if (sealed.length < textAt || sealed[0] !== version) {
        throw new SealBroken('what should be opened was not sealed by this version of Fermata')
      }
      const nonce = sealed.subarray(1, 1 + nonceBytes)
      const decipher = createDecipheriv('aes-256-gcm', sealing, nonce, { authTagLength: tagBytes })
      decipher.setAAD(Buffer.from(context))
      decipher.setAuthTag(sealed.subarray(1 + nonceBytes, textAt))
      try {
        const text = Buffer.concat([decipher.update(sealed.subarray(textAt)), decipher.final()])
        return text.toString('utf8')
      } catch (cause) {
        throw new SealBroken('a secret was sealed with another key file than seal.key', { cause })
      }
    },
    derived: (purpose) => derive(purpose).toString('base64url'),
  }
}

/**
 * The keys of a key file, `<data>/keys/seal.key`; it is made when it is not there, on disk before it is
 * used, and readable for its owner alone. Throws when it is damaged or others may read it.
 */
export function openKeyFile(path: string, random: FillRandom): Keys {
  makeKeyFile(path, random)
  const mode = statSync(path).mode & 0o777
  // Windows knows no such modes and reports 0o666 for every file.
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
    throw new Error(`others may read ${path}: chmod 600 it, or restore it as it was`)
  }
  const master = Buffer.from(readFileSync(path, 'utf8').trim(), 'base64url')
  if (master.length !== keyBytes)
    throw new Error(`${path} does not hold a key of ${keyBytes} bytes`)
  return keysFrom(master, random)
}

function makeKeyFile(path: string, random: FillRandom): void {
  const folder = dirname(path)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (!exists(path)) writeKeyFile(path, random)
  // Each time, because whoever made them may have been cut off before they were on disk.
  syncFolder(folder)
  syncFolder(dirname(folder))
}

function writeKeyFile(path: string, random: FillRandom): void {
  const key = new Uint8Array(keyBytes)
  random(key)
  // Servers that share a database may start at one moment, so each has a draft of its own.
  const name = new Uint8Array(8)
  random(name)
  const draft = `${path}.${Buffer.from(name).toString('hex')}.new`
  const file = openSync(draft, 'wx', 0o600)
  try {
    writeSync(file, `${Buffer.from(key).toString('base64url')}\n`)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  try {
    // A link never replaces a key that is there, as renaming would: the first one there is the key.
    linkSync(draft, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    unlinkSync(draft)
  }
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined
}

/** Puts a folder's entries on disk, where the system can. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
