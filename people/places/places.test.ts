import { fakeClock } from '@fermata/testkit/clock'
import { sqliteGround, worldTests } from '../rooms.world.ts'
import { placesContract } from './places.contract.ts'

placesContract(worldTests(sqliteGround(), fakeClock(), (bytes) => crypto.getRandomValues(bytes)))
