import type { ConversationId, MemberId, ScheduledId } from '@fermata/base/ids'

/**
 * Who keeps files from being forgotten before a message carries them: a draft or a scheduled message. What
 * the latter keeps is its own: nothing else may carry it or erase it.
 */
export type Keeper = ScheduledId | `${MemberId}/${ConversationId}`

/** Whether a file is spoken for by another one than whoever asks. */
export function isSpokenFor(keeper: string | null, by: Keeper | null): boolean {
  return keeper !== null && keeper.startsWith('sch_') && keeper !== by
}
