import type { SqlValue, WriteTx } from '@fermata/storage/port'
import { dropTimer, putTimer } from './store.sql.ts'

/** What a timer is for. Each kind has one handler, given at assembly. */
export type TimerKind = 'pause' | 'snooze' | 'lease' | 'send'

/** Names one timer: a kind, the thing it is about (the bytes of its id), and which of its timers. */
export interface TimerName {
  readonly kind: TimerKind
  readonly subject: Uint8Array
  readonly slot: string
}

/** Sets a timer to a time (ms), or moves it there; with null it cancels it. */
export async function setTimer(
  tx: WriteTx,
  timer: TimerName & { readonly workspace: Uint8Array; readonly at: number | null },
): Promise<void> {
  const { kind, subject, slot, workspace, at } = timer
  if (at === null) await tx.run(dropTimer, { kind, subject, slot })
  else
    await tx.run(putTimer, { kind, subject, slot, workspace, at } satisfies Record<
      string,
      SqlValue
    >)
}
