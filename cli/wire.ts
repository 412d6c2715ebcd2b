import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { LogInUse } from '@fermata/wire/log/lock'
import { verifyFolder } from '@fermata/wire/log/verify.folder'
import { verifyText } from '@fermata/wire/log/verify.text'
import { exitCodes, Failed, UsageError, type Machine } from './machine.ts'
import type { Words } from './words.ts'

/** Reads the whole log in a data folder, and says what is not as it should be. Changes nothing. */
export async function verify({ plain, json }: Words, machine: Machine): Promise<number> {
  const [folder, ...rest] = plain
  if (folder === undefined || rest.length > 0) throw new UsageError('wire verify takes a folder')
  const log = join(folder, 'wire')
  if (!existsSync(log)) throw new Failed(`there is no log in ${folder}`)
  try {
    const report = await verifyFolder(log)
    machine.out(json ? JSON.stringify(report) : verifyText(report).trimEnd())
    return report.findings.some(({ isLoss }) => isLoss) ? exitCodes.failed : exitCodes.done
  } catch (error) {
    if (error instanceof LogInUse) throw new Failed(`a server runs on ${folder}; stop it first`)
    throw error
  }
}
