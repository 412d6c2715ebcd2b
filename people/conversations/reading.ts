import type { Read, Run } from '@fermata/contract/reading'
import type { ParticipantTable } from './tables.ts'

/** What a row says that somebody has read. */
export function readOfRow({ cursor, beyond }: Pick<ParticipantTable, 'cursor' | 'beyond'>): Read {
  return { cursor, beyond: beyond === null ? [] : (JSON.parse(beyond) as Run[]) }
}

/** The columns of what somebody has read. */
export function readColumns({ cursor, beyond }: Read): Pick<ParticipantTable, 'cursor' | 'beyond'> {
  const runs = beyond.map(({ from, to }) => ({ from, to }))
  return { cursor, beyond: runs.length === 0 ? null : JSON.stringify(runs) }
}
