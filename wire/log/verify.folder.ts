import { openReadingDisk } from './disk.reading.ts'
import { lockForReading } from './lock.ts'
import { logSizes, type LogSizes } from './sizes.ts'
import type { VerifyReport } from './verify.findings.ts'
import { verifyLog } from './verify.ts'

/** Reads everything of the log in a folder and changes nothing. Throws `LogInUse` while somebody has it open. */
export async function verifyFolder(
  folder: string,
  sizes: LogSizes = logSizes,
): Promise<VerifyReport> {
  const unlock = lockForReading(folder)
  try {
    return await verifyLog(openReadingDisk(folder), sizes)
  } finally {
    unlock()
  }
}
