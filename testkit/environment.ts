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
