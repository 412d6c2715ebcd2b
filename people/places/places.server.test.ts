import { fakeClock } from '@fermata/testkit/clock'
import { need } from '@fermata/testkit/needs'
import { startPostgres } from '@fermata/testkit/postgres'
import { postgresGround, worldTests } from '../rooms.world.ts'
import { placesContract } from './places.contract.ts'

const random = (bytes: Uint8Array<ArrayBuffer>) => crypto.getRandomValues(bytes)
const ground = () => postgresGround(need('postgresql'), startPostgres)
placesContract(worldTests(ground(), fakeClock(), random))
