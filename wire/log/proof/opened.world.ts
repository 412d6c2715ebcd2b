import { systemClock } from '@fermata/base/clock'
import { openNodeDisk } from '../disk.node.ts'
import { openFileLog, type FileLog } from '../store.file.ts'
import { smallSizes } from '../store.file.world.ts'

/** Opens the log in a folder, does something with it, and closes it. Throws where the log ends meanwhile. */
export async function withLog<T>(folder: string, work: (log: FileLog) => Promise<T>): Promise<T> {
  const disk = await openNodeDisk(folder)
  const broken = Promise.withResolvers<never>()
  broken.promise.catch(() => undefined)
  try {
    const log = await openFileLog({
      disk,
      clock: systemClock(),
      sizes: smallSizes,
      randomU32: () => crypto.getRandomValues(new Uint32Array(1))[0] ?? 0,
      onEnd: (reason) => broken.reject(new Error(`the log has ended: ${reason}`)),
    })
    try {
      return await Promise.race([work(log), broken.promise])
    } finally {
      await log.close()
    }
  } finally {
    await disk.close()
  }
}
