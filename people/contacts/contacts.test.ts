import { fakeClock } from '@fermata/testkit/clock'
import { sqliteGround, worldTests } from '../rooms.world.ts'
import { contactsContract } from './contacts.contract.ts'
import { identityContract } from './identity.contract.ts'

const random = (bytes: Uint8Array<ArrayBuffer>) => crypto.getRandomValues(bytes)
const test = worldTests(sqliteGround(), fakeClock(), random)
contactsContract(test)
identityContract(test)
