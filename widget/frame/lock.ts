import type { FromPage } from '../link.ts'
import type { Page } from './page.ts'

/** Runs something while no other tab of the host does. One at a time within this frame, too. */
export type Alone = <T>(run: () => Promise<T>) => Promise<T>

/**
 * The lock that the page holds for us. What is stored has been learnt afresh before anything runs:
 * the tab that held the lock before may just have changed it.
 */
export function aloneBy(
  page: Pick<Page, 'say' | 'hear'>,
  learn: (entries: Readonly<Record<string, string>>) => void,
): Alone {
  let waiting: (() => void) | undefined
  let queue: Promise<unknown> = Promise.resolve()
  page.hear((message: FromPage) => {
    if (message.type !== 'locked') return
    learn(message.entries)
    waiting?.()
    waiting = undefined
  })
  return (run) => {
    const result = queue.then(async () => {
      await new Promise<void>((resolve) => {
        waiting = resolve
        page.say({ type: 'lock' })
      })
      try {
        return await run()
      } finally {
        page.say({ type: 'unlock' })
      }
    })
    queue = result.catch(() => undefined)
    return result
  }
}
