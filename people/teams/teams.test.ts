import { fakeClock } from '@fermata/testkit/clock'
import { sqliteGround, worldTests } from '../rooms.world.ts'
import { teamsContract } from './teams.contract.ts'

teamsContract(worldTests(sqliteGround(), fakeClock(), (bytes) => crypto.getRandomValues(bytes)))
