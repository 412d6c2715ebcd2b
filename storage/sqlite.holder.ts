// A program for sqlite.start.test.ts: opens the folder, writes one thing, and stays until killed.

import { insertThing, realClock, thing, thingsMigration } from './contract.world.ts'
import { openSqlite } from './sqlite.ts'

const storage = await openSqlite({
  folder: process.argv[2] ?? '',
  clock: realClock,
  migrations: [thingsMigration],
  fatal(error) {
    throw error
  },
})
await storage.write((tx) => tx.run(insertThing, thing('written before the kill')))
await storage.durable()
process.stdout.write('written\n')
