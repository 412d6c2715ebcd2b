/** What is measured of a scrolling thread. */
export interface Extent {
  readonly scrollTop: number
  readonly clientHeight: number
  readonly scrollHeight: number
}

/** How near the end still counts as being there, in pixels. */
const endPx = 56

/** How near the beginning earlier messages are fetched, in pixels. */
export const earlierPx = 900

/** Whether the newest message is in view. */
export function isAtEnd({ scrollTop, clientHeight, scrollHeight }: Extent): boolean {
  return scrollHeight - scrollTop - clientHeight <= endPx
}

/** A message's place in the thread, in pixels from its beginning. */
export interface Placed {
  readonly number: number
  readonly top: number
  readonly height: number
}

/** How much of a long message must have been in view for it to count as read, in pixels. */
const readPx = 160

/** The highest number that has been in view, or null when none has. */
export function readNumber(messages: Iterable<Placed>, extent: Extent): number | null {
  const bottom = extent.scrollTop + extent.clientHeight
  let highest: number | null = null
  for (const { number, top, height } of messages) {
    if (top + Math.min(height, readPx) <= bottom + 1) highest = Math.max(highest ?? 0, number)
  }
  return highest
}
