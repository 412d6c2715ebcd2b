import type { LogAnswer, LogOrder } from './log.load.ts'
import { startLoad } from './load.ts'

type AnswerOf<Kind extends LogAnswer['kind']> = Extract<LogAnswer, { kind: Kind }>

/** The process that has the log and loads it. */
export interface LogProcess {
  ask<Kind extends LogOrder['kind']>(
    order: Extract<LogOrder, { kind: Kind }>,
  ): Promise<AnswerOf<Kind>>
  stop(): Promise<void>
  kill(): Promise<void>
}

/** Starts it. */
export function startLogProcess(): LogProcess {
  const load = startLoad<LogOrder, LogAnswer>('./log.load.ts')
  return {
    async ask<Kind extends LogOrder['kind']>(order: Extract<LogOrder, { kind: Kind }>) {
      const answer = await load.ask(order)
      if (answer.kind !== order.kind) throw new Error(`${answer.kind} was answered`)
      return answer as AnswerOf<Kind>
    },
    stop: () => load.stop(),
    kill: () => load.kill(),
  }
}
