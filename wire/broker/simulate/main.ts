// `npm run simulate -- broker [--seeds N] [--seed S]`: lives of the broker from seed S on, N of them (0: until stopped).

import { parseArgs } from 'node:util'
import { tellSeeds } from '../../log/simulate/seeds.told.ts'

const options = {
  seeds: { type: 'string', default: '200' },
  seed: { type: 'string', default: '1' },
} as const
const { values } = parseArgs({ options })
const [seeds, first] = [Number(values.seeds), Number(values.seed)]
if (!Number.isSafeInteger(seeds) || !Number.isSafeInteger(first) || seeds < 0) {
  throw new Error('usage: npm run simulate -- broker [--seeds N] [--seed S]')
}
const count = seeds === 0 ? Number.MAX_SAFE_INTEGER - first : seeds
const program = new URL('./seeds.worker.ts', import.meta.url)
process.exitCode = await tellSeeds({ first, count }, program)
