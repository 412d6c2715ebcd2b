import { bytesOf } from '@fermata/base/ids'
import { ok } from '@fermata/base/result'
import { byOf } from '../audit/index.ts'
import type { Handlers } from '../handler.ts'
import { visibleLabels } from './access.ts'
import { addLabel, changeLabel, removeLabel, restoreLabel, type LabelsDeps } from './actions.ts'

/** The routes of this room. */
export type LabelsRoute =
  'labels.list' | 'labels.add' | 'labels.change' | 'labels.remove' | 'labels.restore'

/** The handlers of this room's routes. */
export function labelsHandlers(deps: LabelsDeps): Handlers<LabelsRoute> {
  const { storage } = deps
  return {
    'labels.list': ({ caller }) =>
      storage.read(async (tx) => {
        const { head } = await storage.bounds(tx, bytesOf(caller.workspace))
        return ok({ rows: await visibleLabels(tx, caller), position: head })
      }),
    'labels.add': (asked) => addLabel(deps, byOf(asked), asked.body),
    'labels.change': (asked) => changeLabel(deps, byOf(asked), asked.params.label, asked.body),
    'labels.remove': (asked) => removeLabel(deps, byOf(asked), asked.params.label),
    'labels.restore': (asked) => restoreLabel(deps, byOf(asked), asked.params.label),
  }
}
