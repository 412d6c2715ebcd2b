import type { MeView } from '@fermata/contract/accounts.schema'
import type { State, Thread, Window } from '@fermata/contract/state'
import type { Counts, Load, Model } from '@fermata/sdk/store'

/** The form of a snapshot; one of another form is of no use. */
export const snapshotForm = 3

/** What a screen showed last, kept so that the app opens at once, and without a network. */
export interface Snapshot {
  readonly form: number
  readonly me: MeView
  readonly state: State
  readonly counts: Model['counts']
}

/** What is worth keeping of a model; null as long as it knows nothing of its own. */
export function snapshotOf(model: Model): Snapshot | null {
  if (model.me === null || Object.keys(model.state.windows).length === 0) return null
  return { form: snapshotForm, me: model.me, state: model.state, counts: model.counts }
}

type Held<V> = Readonly<Partial<Record<string, V>>>

/** Whether the server has told what stands under this name by now, or refused to. */
function isTold(loads: Held<Load>, name: string): boolean {
  const state = loads[name]?.state
  return state === 'loaded' || state === 'refused'
}

/** What is kept of windows or threads that the server has not told about yet. */
function untold<V extends Window | Thread>(kept: Held<V>, loads: Held<Load>): Record<string, V> {
  const left: Record<string, V> = {}
  for (const [name, value] of Object.entries(kept)) {
    if (value !== undefined && !isTold(loads, name)) left[name] = value
  }
  return left
}

/**
 * The model with the snapshot showing through wherever the server has not answered yet, so that nothing
 * blinks while the app opens. Who I am is known from signing in, or from the last visit. What the server has told always wins; once everything that is shown has
 * been told, the snapshot is not seen any more.
 */
export function overlaid(model: Model, me: MeView, snapshot: Snapshot | null): Model {
  if (model.ended !== null) return model
  if (snapshot === null) return model.me === null ? { ...model, me } : model
  const { state: now, loads } = model
  const { state: then } = snapshot
  const things = isTold(loads, 'things')
  const state: State = {
    ...now,
    me: now.me === '' ? then.me : now.me,
    members: things ? now.members : { ...then.members, ...now.members },
    teams: things ? now.teams : { ...then.teams, ...now.teams },
    inboxes: things ? now.inboxes : { ...then.inboxes, ...now.inboxes },
    labels: things ? now.labels : { ...then.labels, ...now.labels },
    replies: things ? now.replies : { ...then.replies, ...now.replies },
    contacts: { ...then.contacts, ...now.contacts },
    rows: { ...then.rows, ...now.rows },
    mine: { ...then.mine, ...now.mine },
    windows: { ...untold(then.windows, loads), ...now.windows },
    threads: { ...untold(then.threads, loads), ...now.threads },
    drafts: things ? now.drafts : { ...then.drafts, ...now.drafts },
    scheduled: things ? now.scheduled : { ...then.scheduled, ...now.scheduled },
    shared: { ...then.shared, ...now.shared },
  }
  const counts: Held<Counts> = { ...snapshot.counts, ...model.counts }
  return { ...model, me: model.me ?? me, state, counts }
}
