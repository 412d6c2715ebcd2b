import { fakeClock } from '@fermata/testkit/clock'
import { contractOf } from './store.contract.ts'
import { openMemoryLog } from './store.memory.ts'

contractOf('memory', async (t) => {
  const clock = fakeClock()
  let held: Promise<void> | undefined
  const log = openMemoryLog({ clock, flush: async () => held })
  t.after(() => log.close())
  return {
    log,
    clock,
    hold() {
      const { promise, resolve } = Promise.withResolvers<void>()
      held = promise
      return () => {
        held = undefined
        resolve()
      }
    },
  }
})
