/** Under which heading a command stands in the menu and among the keys. */
export type CommandGroup = 'conversation' | 'list' | 'go' | 'app'

interface Command {
  readonly group: CommandGroup
  /**
   * The strokes that run it: a letter or sign, with `Shift+` or `Mod+` (Ctrl, on a Mac ⌘) before it;
   * two of them with a space between are pressed one after the other.
   */
  readonly keys?: string
}

/** Everything that can be done by a key or from the command menu. */
export const commands = {
  reply: { group: 'conversation', keys: 'R' },
  note: { group: 'conversation', keys: 'Shift+N' },
  take: { group: 'conversation', keys: 'I' },
  release: { group: 'conversation' },
  hand: { group: 'conversation', keys: 'A' },
  archive: { group: 'conversation', keys: 'E' },
  unarchive: { group: 'conversation' },
  resolve: { group: 'conversation', keys: 'Shift+E' },
  reopen: { group: 'conversation' },
  pause: { group: 'conversation', keys: 'H' },
  resume: { group: 'conversation' },
  snooze: { group: 'conversation' },
  unsnooze: { group: 'conversation' },
  label: { group: 'conversation', keys: 'L' },
  subject: { group: 'conversation' },
  merge: { group: 'conversation' },
  split: { group: 'conversation' },
  'urgency.low': { group: 'conversation', keys: '1' },
  'urgency.normal': { group: 'conversation', keys: '2' },
  'urgency.high': { group: 'conversation', keys: '3' },
  'urgency.urgent': { group: 'conversation', keys: '4' },
  unread: { group: 'conversation', keys: 'Shift+U' },
  join: { group: 'conversation' },
  leave: { group: 'conversation' },
  'list.next': { group: 'list', keys: 'J' },
  'list.previous': { group: 'list', keys: 'K' },
  'list.nextUnread': { group: 'list', keys: 'N' },
  'list.previousUnread': { group: 'list', keys: 'P' },
  'list.open': { group: 'list', keys: 'Enter' },
  'list.take': { group: 'list', keys: 'Shift+I' },
  'list.select': { group: 'list', keys: 'S' },
  'list.selectNext': { group: 'list', keys: 'Shift+J' },
  'list.selectPrevious': { group: 'list', keys: 'Shift+K' },
  'list.selectAll': { group: 'list', keys: 'Shift+S' },
  'view.next': { group: 'list', keys: ']' },
  'view.previous': { group: 'list', keys: '[' },
  'go.myTurn': { group: 'go', keys: 'G M' },
  'go.free': { group: 'go', keys: 'G U' },
  'go.ours': { group: 'go', keys: 'G O' },
  'go.paused': { group: 'go', keys: 'G P' },
  'go.resolved': { group: 'go', keys: 'G R' },
  'go.all': { group: 'go', keys: 'G A' },
  'go.channels': { group: 'go', keys: 'G C' },
  'go.settings': { group: 'go', keys: 'G S' },
  compose: { group: 'app', keys: 'C' },
  direct: { group: 'app', keys: 'X' },
  menu: { group: 'app', keys: 'Mod+K' },
  help: { group: 'app', keys: '?' },
  undo: { group: 'app', keys: 'Mod+Z' },
  back: { group: 'app', keys: 'Escape' },
} as const satisfies Record<string, Command>

/** The name of a command. */
export type CommandId = keyof typeof commands

/** The names, in the order in which they are shown. */
export const commandIds = Object.keys(commands) as CommandId[]

/** The strokes that run a command, if any do. */
export function keysOf(id: CommandId): string | undefined {
  const command: Command = commands[id]
  return command.keys
}

/** How the keys are written on the screen: `⇧ E`, `⌘ K`, `G O`. */
export function shownKeys(keys: string, apple: boolean): string {
  return keys
    .replaceAll('Shift+', '⇧ ')
    .replaceAll('Mod+', apple ? '⌘ ' : 'Ctrl ')
    .replaceAll('Escape', 'Esc')
    .replaceAll('Enter', '↵')
}
