import { claimsOf } from './claims.contract.ts'
import { besideThis } from './driven.world.ts'

const compressions = ['none', 'gzip', 'snappy', 'lz4', 'zstd']

claimsOf(
  {
    name: 'kafkajs 2.2',
    program: process.execPath,
    args: [besideThis('kafkajs.world.ts')],
    compressions,
    sendsOffsets: true,
  },
  false,
)
