import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** A process that loads the server. It takes one order at a time. */
export interface LoadProcess<Order extends object, Answer extends object> {
  ask(order: Order): Promise<Answer>
  stop(): Promise<void>
  /** Ends it as a crash does: nothing of it runs any more. */
  kill(): Promise<void>
}

/** Starts a generator of load: a module beside this one that answers orders. */
export function startLoad<Order extends object, Answer extends object>(
  file: string,
): LoadProcess<Order, Answer> {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)))
  const lost = once(child, 'exit').then(([code]) => {
    throw new Error(`the load ended with ${String(code)}`)
  })
  lost.catch(() => {})
  return {
    async ask(order) {
      child.send(order)
      const [answer] = (await Promise.race([once(child, 'message'), lost])) as [Answer]
      return answer
    },
    async stop() {
      if (!child.connected) return
      const exited = once(child, 'exit')
      child.disconnect()
      await exited
    },
    async kill() {
      const exited = once(child, 'exit')
      child.kill('SIGKILL')
      await exited
    },
  }
}
