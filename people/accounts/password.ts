import { scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto'
import { limits } from '@fermata/base/limits'
import type { FillRandom } from '@fermata/base/ids'

/** How much work a hash is: N = 2^ln blocks of 128 × r bytes, p times over (RFC 7914). */
export interface PasswordWork {
  readonly ln: number
  readonly r: number
  readonly p: number
}

/**
 * N = 2^15, r = 8, p = 3, which takes 32 MiB. One of the equal choices of the OWASP Password
 * Storage Cheat Sheet (section scrypt); the one with p = 1 would take 128 MiB for each hash under way.
 */
export const usualWork: PasswordWork = { ln: 15, r: 8, p: 3 }

const saltBytes = 16
const hashBytes = 32
const storedForm =
  /^\$scrypt\$ln=(?<ln>\d+),r=(?<r>\d+),p=(?<p>\d+)\$(?<salt>[\w+/]+)\$(?<hash>[\w+/]+)$/

/** Hashes passwords and checks them. */
export interface Passwords {
  /** Makes the text that is stored: `$scrypt$ln=15,r=8,p=3$salt$hash`, the usual PHC form. */
  hash(password: string): Promise<string>
  /** Whether a password is the one that a stored text was made of. */
  verify(stored: string, password: string): Promise<boolean>
}

/** So many hashes wait already that another would not be done in good time. */
export class PasswordsBusy extends Error {
  override readonly name = 'PasswordsBusy'
}

/**
 * Makes the hasher. It works in libuv's pool, and leaves room there for other work. `work` is that of
 * new hashes; a stored one says its own.
 */
export function openPasswords(random: FillRandom, work: PasswordWork = usualWork): Passwords {
  const taking = turns(limits.passwordHashesAtOnceMax, limits.passwordHashesWaitingMax)
  return {
    async hash(password) {
      const salt = new Uint8Array(saltBytes)
      random(salt)
      const hash = await taking(() => derive(password, salt, work))
      return `$scrypt$ln=${work.ln},r=${work.r},p=${work.p}$${base64(salt)}$${base64(hash)}`
    },
    async verify(stored, password) {
      const parts = storedForm.exec(stored)?.groups
      if (parts === undefined) throw new Error('a stored password has an unknown form')
      const cost = { ln: Number(parts['ln']), r: Number(parts['r']), p: Number(parts['p']) }
      const salt = Buffer.from(parts['salt'] ?? '', 'base64')
      const wanted = Buffer.from(parts['hash'] ?? '', 'base64')
      const found = await taking(() => derive(password, salt, cost))
      return wanted.length === found.length && timingSafeEqual(wanted, found)
    },
  }
}

/** The same password typed on two keyboards may come as different code points. */
function normal(password: string): string {
  return password.normalize('NFKC')
}

function derive(password: string, salt: Uint8Array, { ln, r, p }: PasswordWork): Promise<Buffer> {
  const N = 2 ** ln
  const options: ScryptOptions = { N, r, p, maxmem: 128 * N * r + 1024 * 1024 }
  return new Promise((resolve, reject) => {
    scrypt(normal(password), salt, hashBytes, options, (error, key) => {
      if (error === null) resolve(key)
      else reject(error)
    })
  })
}

/** Base 64 without padding, as the PHC form has it. */
function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replaceAll('=', '')
}

/** Lets a bounded number of works run at once, and a bounded number wait. */
function turns(atOnceMax: number, waitingMax: number): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0
  const waiting: (() => void)[] = []
  return async (work) => {
    if (running >= atOnceMax) {
      if (waiting.length >= waitingMax) throw new PasswordsBusy('too many passwords are checked')
      await new Promise<void>((resolve) => waiting.push(resolve))
    } else running += 1
    try {
      return await work()
    } finally {
      // The turn is handed on, so that nobody who comes now can overtake those who wait.
      const next = waiting.shift()
      if (next === undefined) running -= 1
      else next()
    }
  }
}
