import { fakeClock } from '@fermata/testkit/clock'
import { need } from '@fermata/testkit/needs'
import { startPostgres } from '@fermata/testkit/postgres'
import { postgresGround, worldTests } from '../rooms.world.ts'
import { teamsContract } from './teams.contract.ts'

const random = (bytes: Uint8Array<ArrayBuffer>) => crypto.getRandomValues(bytes)
const ground = () => postgresGround(need('postgresql'), startPostgres)
teamsContract(worldTests(ground(), fakeClock(), random))
