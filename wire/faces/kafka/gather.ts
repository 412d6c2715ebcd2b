import type { Socket } from 'node:net'

/**
 * Lets what is written to a socket within one turn go out together. One flush of the log answers many requests of a
 * connection, and a write to the line costs as much as all the rest of a small answer. What is given back is called
 * before each write; `onSent` once all of it was handed to the system, as far as that takes it.
 */
export function gathering(
  socket: Pick<Socket, 'cork' | 'uncork' | 'destroyed'>,
  onSent: () => void,
): () => void {
  let isGathering = false
  return () => {
    if (isGathering) return
    isGathering = true
    socket.cork()
    // After all promises that follow from what was done.
    process.nextTick(() => {
      isGathering = false
      socket.uncork()
      if (!socket.destroyed) onSent()
    })
  }
}
