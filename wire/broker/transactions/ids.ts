import { limits } from '@fermata/base/limits'
import { ok, type Result } from '@fermata/base/result'
import type { Ledger } from '../ledger.ts'
import type { BrokerRefusal } from '../refusals.ts'

/** Gives numbers to producers, none of them twice. */
export interface ProducerIds {
  take(): Promise<Result<number, BrokerRefusal>>
}

/** The key under which the first number is written down that was not taken yet. */
export const producerIdsKey = 'producers'

/** Numbers from `first` on, some at a time, so that few of them cost a flush. */
export function producerIds(ledger: Ledger, first: number): ProducerIds {
  let next = first
  let end = first
  let last: Promise<unknown> = Promise.resolve()
  const take = async (): Promise<Result<number, BrokerRefusal>> => {
    if (next === end) {
      const upTo = end + limits.producerIdsPerStep
      const written = await ledger.write([{ key: [producerIdsKey], value: upTo }])
      if (!written.ok) return written
      end = upTo
    }
    return ok(next++)
  }
  return {
    take() {
      const turn = last.then(take)
      last = turn.catch(() => undefined)
      return turn
    },
  }
}
