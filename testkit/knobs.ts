/** The variables that make a long test longer, or repeat one that failed. */
export type KnobName =
  | 'FERMATA_SEED'
  | 'FERMATA_CRASH_ROUNDS'
  | 'FERMATA_POWERCUT_IMAGES'
  | 'FERMATA_FUZZ_RUNS'
  | 'FERMATA_CONSUMED'

/** A whole number from the environment, or `otherwise` when it is not set. Throws on anything else. */
export function knob(name: KnobName, otherwise: number): number {
  const text = process.env[name]
  if (text === undefined || text === '') return otherwise
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new Error(`${name} must be a whole number, not ${JSON.stringify(text)}`)
  }
  return value
}

/** The seed of a random test: from FERMATA_SEED, or a new one. Whoever uses it prints it. */
export function testSeed(): number {
  return knob('FERMATA_SEED', Math.floor(Math.random() * 2 ** 31))
}
