import { need } from '@fermata/testkit/needs'
import { besideThis, type Kind } from './driven.world.ts'

const compressions = ['none', 'gzip', 'snappy', 'lz4', 'zstd']

/** The clients that run wherever Node does. */
export const nodeKinds: readonly Kind[] = [
  {
    name: 'kafkajs 2.2',
    program: process.execPath,
    args: [besideThis('kafkajs.world.ts')],
    compressions,
    sendsOffsets: true,
  },
  ...(['1', '2'] as const).map((major) => ({
    name: `@platformatic/kafka ${major === '1' ? '1.35' : '2.12'}`,
    program: process.execPath,
    args: [besideThis('platformatic.world.ts'), major],
    compressions,
    sendsOffsets: false,
  })),
]

/** The client of Debian's Python; `confluentHere` says whether it is here. */
export const confluentKind: Kind = {
  name: "Debian's confluent-kafka for Python",
  program: '/usr/bin/python3',
  args: [besideThis('confluent.py')],
  compressions,
  sendsOffsets: true,
}

/** Whether there is a confluent-kafka for Python. */
export const confluentHere = need('confluent')
