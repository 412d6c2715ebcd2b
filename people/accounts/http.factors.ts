import { ok } from '@fermata/base/result'
import { byOf } from '../audit/index.ts'
import type { Handlers } from '../handler.ts'
import {
  beginFactor,
  confirmOwnFactor,
  endFactorOf,
  endOwnFactor,
  factorView,
  renewRecoveryCodes,
} from './actions.factors.ts'
import { askReset, resetMember, useReset } from './actions.resets.ts'
import { addFurther } from './actions.workspaces.ts'
import type { AccountsDeps } from './deps.ts'
import type { Passwords } from './password.ts'

/** The routes of lost passwords, second factors and further workspaces. */
export type FactorRoute =
  | 'workspaces.add'
  | 'members.reset'
  | 'members.endTwoFactor'
  | 'resets.ask'
  | 'resets.use'
  | 'twoFactor.get'
  | 'twoFactor.begin'
  | 'twoFactor.confirm'
  | 'twoFactor.end'
  | 'twoFactor.renewCodes'

/** The handlers of those routes. */
export function factorHandlers(
  deps: AccountsDeps & { readonly passwords: Passwords },
): Handlers<FactorRoute> {
  return {
    'workspaces.add': (asked) => addFurther(deps, byOf(asked), asked.body),
    'members.reset': (asked) => resetMember(deps, byOf(asked), asked.params.member),
    'members.endTwoFactor': (asked) => endFactorOf(deps, byOf(asked), asked.params.member),
    'resets.ask': ({ body, connection }) =>
      askReset(deps, byOf({ caller: null, connection }), body.email),
    'resets.use': ({ body, connection }) =>
      useReset(deps, byOf({ caller: null, connection }), body),
    'twoFactor.get': async ({ caller }) =>
      ok(await deps.storage.read((tx) => factorView(tx, caller))),
    'twoFactor.begin': (asked) => beginFactor(deps, byOf(asked), asked.body.password),
    async 'twoFactor.confirm'(asked) {
      const codes = await confirmOwnFactor(deps, byOf(asked), asked.body.code)
      return codes.ok ? ok({ recoveryCodes: codes.value }) : codes
    },
    'twoFactor.end': (asked) => endOwnFactor(deps, byOf(asked), asked.body.password),
    async 'twoFactor.renewCodes'(asked) {
      const codes = await renewRecoveryCodes(deps, byOf(asked), asked.body.password)
      return codes.ok ? ok({ recoveryCodes: codes.value }) : codes
    },
  }
}
