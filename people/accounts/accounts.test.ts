import { fakeClock } from '@fermata/testkit/clock'
import { sqliteGround, worldTests } from '../rooms.world.ts'
import { membersContract } from './members.contract.ts'
import { signInContract } from './sign-in.contract.ts'

const random = (bytes: Uint8Array<ArrayBuffer>) => crypto.getRandomValues(bytes)
const test = worldTests(sqliteGround(), fakeClock(), random)
signInContract(test)
membersContract(test)
