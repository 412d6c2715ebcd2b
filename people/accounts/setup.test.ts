import { fakeClock } from '@fermata/testkit/clock'
import { sqliteGround, worldTests } from '../rooms.world.ts'
import { setupContract } from './setup.contract.ts'

setupContract(worldTests(sqliteGround(), fakeClock(), (bytes) => crypto.getRandomValues(bytes)))
