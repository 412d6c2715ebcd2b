/** A time as the identity library keeps it in SQLite, and as PostgreSQL reads it: ISO 8601 in UTC. */
export function libraryDate(ms: number): string {
  return Temporal.Instant.fromEpochMilliseconds(ms).toString({ smallestUnit: 'millisecond' })
}
