import type { Clock } from '@fermata/base/clock'
import { createContext, use, type ReactNode } from 'react'
import { present } from '@fermata/base/assert'

/** What a screen may know of the machine it runs on; made once, in the entry file. */
export interface Environment {
  readonly clock: Clock
  /** The IANA name of the zone that the browser stands in. */
  readonly zone: string
  /** What the browser asks for, best first, as `navigator.languages` has it. */
  readonly languages: readonly string[]
  /** Whether the command key is ⌘ here. */
  readonly apple: boolean
}

const EnvironmentContext = createContext<Environment | null>(null)

/** Hands the machine to everything below. */
export function EnvironmentProvider(props: { value: Environment; children: ReactNode }) {
  return <EnvironmentContext value={props.value}>{props.children}</EnvironmentContext>
}

/** The machine that this runs on. */
export function useEnvironment(): Environment {
  return present(use(EnvironmentContext), 'the environment')
}
