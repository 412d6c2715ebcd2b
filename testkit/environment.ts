/** The variables of this process without those that configure Fermata or its tests, and with these. */
export function programEnvironment(
  extra: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const own = Object.entries(process.env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined &&
      !entry[0].startsWith('FERMATA_') &&
      entry[0] !== 'NODE_TEST_CONTEXT' &&
      entry[0] !== 'NODE_OPTIONS',
  )
  return { ...Object.fromEntries(own), ...extra }
}

/** The folder of an Apache Kafka to measure against, as `KAFKA_HOME` names it, or why there is none. */
export function kafkaHome(): { readonly path: string; readonly skip: string | false } {
  const path = process.env['KAFKA_HOME'] ?? ''
  return { path, skip: path === '' ? 'KAFKA_HOME names no folder of Apache Kafka' : false }
}
