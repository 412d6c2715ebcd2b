import { refused, type Refused } from '@fermata/base/result'
import type { Broker } from './broker.ts'
import type { BrokerCode, BrokerRefusal } from './refusals.ts'
import type { Rights } from './rights.ts'

/** What the calls of a guard stand on. */
export interface Guarded {
  readonly broker: Broker
  readonly rights: Rights
}

/** That somebody may not. */
export function denied(
  code: Extract<BrokerCode, `${string}_denied`>,
): Refused<BrokerRefusal> & { readonly ok: false } {
  return refused({ code })
}

/** Asks for those that may be asked for, and refuses the others; the answers stand in the order of the items. */
export async function forAllowed<Item, Answer>(
  items: readonly Item[],
  refuse: (item: Item) => Answer | undefined,
  ask: (items: readonly Item[]) => Promise<readonly Answer[]>,
): Promise<readonly Answer[]> {
  const answers = items.map(refuse)
  const allowed = items.filter((_, at) => answers[at] === undefined)
  const found = allowed.length === 0 ? [] : await ask(allowed)
  let next = 0
  return answers.map((answer) => answer ?? found[next++]!)
}
