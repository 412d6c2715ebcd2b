import {
  createContext,
  use,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  type ReactNode,
} from 'react'
import { present } from '@fermata/base/assert'
import type { Cancel } from '@fermata/base/clock'
import { useEnvironment } from '../environment.tsx'
import { commandIds, keysOf, shownKeys, type CommandId } from './commands.ts'
import { isLetter, isPlain, step, strokeOf } from './keymap.ts'

/** How long a first stroke waits for its second, in milliseconds. */
const waitMs = 1_500

type Run = () => void
/** What the screens below can do at the moment; the newest screen answers. */
export type Handlers = Readonly<Partial<Record<CommandId, Run | undefined>>>

/** The commands that somebody answers to at the moment. */
export interface Commands {
  add(handlers: { readonly current: Handlers }): () => void
  run(id: CommandId): boolean
  available(): readonly CommandId[]
}

const CommandsContext = createContext<Commands | null>(null)

function createCommands(): Commands {
  const screens: { readonly current: Handlers }[] = []
  const find = (id: CommandId): Run | undefined =>
    screens.findLast((screen) => screen.current[id] !== undefined)?.current[id]
  return {
    add(handlers) {
      screens.push(handlers)
      return () => void screens.splice(screens.indexOf(handlers), 1)
    },
    run(id) {
      const found = find(id)
      found?.()
      return found !== undefined
    },
    available: () => commandIds.filter((id) => find(id) !== undefined),
  }
}

/** Whether letters typed here are words, or choose from a list that is open. */
function takesLetters(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target.isContentEditable) return true
  const words = 'input:not([type=radio], [type=checkbox]), textarea, select'
  return target.closest(`${words}, [role=menu], [role=listbox], [role=dialog]`) !== null
}

/** Whether Enter does something of its own here. */
function takesEnter(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && target.closest('a, button, [role=button], summary') !== null
  )
}

/** Listens to the keys, and runs the commands of whatever is on the screen. */
export function CommandsProvider(props: { letters: boolean; children: ReactNode }) {
  const { clock, apple } = useEnvironment()
  const commands = useMemo(createCommands, [])
  const { letters } = props
  useEffect(() => {
    let waiting: string | null = null
    let forget: Cancel = () => {}
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing) return
      const altGraph = event.getModifierState('AltGraph')
      const { key, code, shiftKey, ctrlKey, metaKey, altKey } = event
      const stroke = strokeOf({ key, code, shiftKey, ctrlKey, metaKey, altKey, altGraph }, apple)
      if (stroke === undefined) return
      if (isLetter(stroke) && !letters) return
      if (isPlain(stroke) && takesLetters(event.target)) return
      if (stroke === 'Mod+Z' && takesLetters(event.target)) return
      if (stroke === 'Enter' && takesEnter(event.target)) return
      const next = step(waiting, stroke)
      forget()
      waiting = next.waiting
      if (waiting !== null) forget = clock.after(waitMs, () => (waiting = null))
      if (next.command !== null && commands.run(next.command)) event.preventDefault()
    }
    document.addEventListener('keydown', onKeyDown)
    return () => {
      forget()
      document.removeEventListener('keydown', onKeyDown)
    }
  }, [clock, apple, letters, commands])
  return <CommandsContext value={commands}>{props.children}</CommandsContext>
}

/** The commands that can be run at the moment. */
export function useCommandRunner(): Commands {
  return present(use(CommandsContext), 'the commands')
}

/** Answers commands as long as this screen is there. One that is undefined cannot be done now. */
export function useCommands(handlers: Handlers): void {
  const commands = useCommandRunner()
  const latest = useRef(handlers)
  useLayoutEffect(() => {
    latest.current = handlers
  })
  useEffect(() => commands.add(latest), [commands])
}

/** The keys of a command as this machine writes them; undefined where it has none. */
export function useKeysOf(): (id: CommandId) => string | undefined {
  const { apple } = useEnvironment()
  return (id) => {
    const keys = keysOf(id)
    return keys === undefined ? undefined : shownKeys(keys, apple)
  }
}
