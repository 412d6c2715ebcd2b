import { need } from '@fermata/testkit/needs'
import { claimsOf } from './claims.contract.ts'
import { besideThis } from './driven.world.ts'

const { skip } = need('confluent')

claimsOf(
  {
    name: "Debian's confluent-kafka for Python",
    program: '/usr/bin/python3',
    args: [besideThis('confluent.py')],
    compressions: ['none', 'gzip', 'snappy', 'lz4', 'zstd'],
    sendsOffsets: true,
  },
  skip,
)
