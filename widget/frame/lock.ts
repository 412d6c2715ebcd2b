import type { Page } from './page.ts'

/** The lock that one tab of the host holds at a time, as the page around holds it for us. */
export interface Lock {
  /**
   * Resolves when it is held, or when there is no use in waiting any longer. Once it is held, the
   * page has stored a token to ask for: this one, unless there was one before.
   */
  take(asked: string): Promise<void>
  /** Gives it back, or stops waiting. */
  give(): void
}

/** What is stored has been learnt afresh before `take` resolves. */
export function lockBy(
  page: Pick<Page, 'say' | 'hear'>,
  learn: (entries: Readonly<Record<string, string>>) => void,
): Lock {
  let waiting: (() => void) | undefined
  const go = (): void => {
    waiting?.()
    waiting = undefined
  }
  page.hear((message) => {
    if (message.type !== 'locked') return
    learn(message.entries)
    go()
  })
  return {
    take: (asked) =>
      new Promise<void>((resolve) => {
        waiting = resolve
        page.say({ type: 'lock', asked })
      }),
    give() {
      page.say({ type: 'unlock' })
      go()
    },
  }
}
