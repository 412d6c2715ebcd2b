import { fakeClock } from '@fermata/testkit/clock'
import { need } from '@fermata/testkit/needs'
import { startPostgres } from '@fermata/testkit/postgres'
import { postgresGround, worldTests } from '../rooms.world.ts'
import { auditContract } from './audit.contract.ts'

const random = (bytes: Uint8Array<ArrayBuffer>) => crypto.getRandomValues(bytes)
auditContract(worldTests(postgresGround(need('postgresql'), startPostgres), fakeClock(), random))
