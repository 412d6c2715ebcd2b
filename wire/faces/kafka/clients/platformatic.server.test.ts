import { claimsOf } from './claims.contract.ts'
import { besideThis } from './driven.world.ts'

const compressions = ['none', 'gzip', 'snappy', 'lz4', 'zstd']

for (const [name, major] of [
  ['@platformatic/kafka 1.35', '1'],
  ['@platformatic/kafka 2.12', '2'],
] as const) {
  claimsOf(
    {
      name,
      program: process.execPath,
      args: [besideThis('platformatic.world.ts'), major],
      compressions,
      sendsOffsets: false,
    },
    false,
  )
}
