import { commandIds, keysOf, type CommandId } from './commands.ts'

/** What is read of a key that went down. */
export interface KeyDown {
  readonly key: string
  readonly code: string
  readonly shiftKey: boolean
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
  /** The key that types third signs: on an Italian keyboard it makes `[` of `è`. */
  readonly altGraph: boolean
}

/** Signs that lie elsewhere on every keyboard: what they say counts, not how they are typed. */
const signs = new Set(['?', '[', ']', '/'])

/** The letter that a key means; on a Cyrillic or Greek keyboard the one in its place. */
function letterOf(down: KeyDown): string | undefined {
  if (/^[a-z]$/i.test(down.key)) return down.key.toUpperCase()
  const inPlace = /^Key([A-Z])$/.exec(down.code)?.[1]
  return /^\p{L}$/u.test(down.key) && !/^\p{Script=Latin}$/u.test(down.key) ? inPlace : undefined
}

/** The name of a stroke as the commands name it, or undefined for one that is never used. */
export function strokeOf(down: KeyDown, apple: boolean): string | undefined {
  if (signs.has(down.key) && !down.metaKey) return down.key
  if (down.altKey || down.altGraph) return undefined
  const mod = apple ? down.metaKey : down.ctrlKey
  if (mod !== (down.metaKey || down.ctrlKey)) return undefined
  const digit = /^[0-9]$/.exec(down.key)?.[0] ?? /^Digit([0-9])$/.exec(down.code)?.[1]
  if (digit !== undefined && !mod) return down.shiftKey && down.key !== digit ? undefined : digit
  const name = letterOf(down) ?? (['Enter', 'Escape'].includes(down.key) ? down.key : undefined)
  if (name === undefined) return undefined
  return `${mod ? 'Mod+' : ''}${down.shiftKey ? 'Shift+' : ''}${name}`
}

/** Whether a stroke would be taken for typing: no Ctrl or ⌘ in it, and no Escape. */
export function isPlain(stroke: string): boolean {
  return !stroke.startsWith('Mod+') && stroke !== 'Escape'
}

/** Whether a stroke is a single sign on a keyboard, which its user may have switched off. */
export function isLetter(stroke: string): boolean {
  return isPlain(stroke) && stroke !== 'Enter'
}

/** Where the keys lead: a command, or a first stroke that waits for the second. */
export interface Step {
  readonly command: CommandId | null
  readonly waiting: string | null
}

const byKeys = new Map<string, CommandId>()
const firsts = new Set<string>()
for (const id of commandIds) {
  const keys = keysOf(id)
  if (keys === undefined) continue
  byKeys.set(keys, id)
  const [first, second] = keys.split(' ')
  if (first !== undefined && second !== undefined) firsts.add(first)
}

/** What a stroke does, after another that waits for its second. */
export function step(waiting: string | null, stroke: string): Step {
  if (waiting !== null) {
    const command = byKeys.get(`${waiting} ${stroke}`)
    // A second stroke that means nothing together is not taken for a first one either.
    return { command: command ?? null, waiting: null }
  }
  if (firsts.has(stroke)) return { command: null, waiting: stroke }
  return { command: byKeys.get(stroke) ?? null, waiting: null }
}
