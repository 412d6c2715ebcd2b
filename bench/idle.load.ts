// The load of the workload `idle`, in a process of its own: sockets that follow the feed and hear nothing.

import { FrameReader } from './frames.ts'
import { buildWorld } from './world.ts'

/** What to do. */
export interface IdleOrder {
  readonly port: number
  readonly sockets: number
  readonly apps: number
}

/** How many follow. */
export interface IdleAnswer {
  readonly open: number
}

const readers: FrameReader[] = []

async function open({ port, sockets, apps }: IdleOrder): Promise<IdleAnswer> {
  const { tokens } = await buildWorld(port, { apps, conversations: 0 })
  let heard = 0
  const hear = (): void => void (heard += 1)
  const reader = (index: number) => FrameReader.open(port, tokens[index % apps]!, hear)
  while (readers.length < sockets) {
    const from = readers.length
    const length = Math.min(100, sockets - from)
    readers.push(...(await Promise.all(Array.from({ length }, (_, i) => reader(from + i)))))
  }
  // Each reader's first heartbeat says that it has been let in and follows.
  const patienceMs = performance.now() + 30_000
  while (heard < sockets && performance.now() < patienceMs) {
    await new Promise((go) => setTimeout(go, 50))
  }
  return { open: Math.min(heard, readers.length) }
}

process.on('message', (order: IdleOrder) => {
  open(order).then(
    (answer) => process.send?.(answer),
    (error: unknown) => {
      console.error(error)
      process.exit(1)
    },
  )
})
process.on('disconnect', () => process.exit(0))
