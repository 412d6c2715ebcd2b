import type { InboxId } from '@fermata/base/ids'
import type { Answer } from '@fermata/contract/routes.schema'
import { timesOf, type Times } from './figures.ts'
import type { Person } from './inbox.people.ts'

/** Inboxes, and who works in them. */
export interface Crowd {
  readonly people: readonly Person[]
  readonly inboxes: readonly InboxId[]
}

/** How pressing for the next conversation went. */
export interface Pressed {
  readonly next: Times
  readonly seconds: number
  /** Conversations that were taken, each of them by one. */
  readonly taken: number
}

/**
 * All of some crowds at once: each presses for the next conversation in the inbox where all of their crowd do, resolves it
 * and presses again, until so many were taken or nothing is left. Throws when one was given to two.
 */
export async function press(crowds: readonly Crowd[], enough: number): Promise<Pressed> {
  const times: number[] = []
  const taken = new Set<string>()
  const sinceMs = performance.now()
  const one = async (person: Person, inboxes: InboxId[]): Promise<void> => {
    while (taken.size < enough) {
      const [inbox] = inboxes
      if (inbox === undefined) return
      const askedMs = performance.now()
      const answer = await person.must('POST', `/v1/inboxes/${inbox}/next`, {})
      times.push(performance.now() - askedMs)
      const { conversation } = answer as Answer<'leases.next'>
      if (conversation === null) {
        // Whoever finds it empty first leads the others on.
        if (inboxes[0] === inbox) inboxes.shift()
        continue
      }
      if (taken.has(conversation.id)) throw new Error(`${conversation.id} was given to two`)
      taken.add(conversation.id)
      await person.must('PUT', `/v1/conversations/${conversation.id}/resolution`)
    }
  }
  await Promise.all(
    crowds.flatMap(({ people, inboxes }) => {
      const left = [...inboxes]
      return people.map((person) => one(person, left))
    }),
  )
  const seconds = (performance.now() - sinceMs) / 1_000
  return { next: timesOf(times), seconds, taken: taken.size }
}
