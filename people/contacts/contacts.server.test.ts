import { fakeClock } from '@fermata/testkit/clock'
import { need } from '@fermata/testkit/needs'
import { startPostgres } from '@fermata/testkit/postgres'
import { postgresGround, worldTests } from '../rooms.world.ts'
import { contactsContract } from './contacts.contract.ts'
import { identityContract } from './identity.contract.ts'

const random = (bytes: Uint8Array<ArrayBuffer>) => crypto.getRandomValues(bytes)
const ground = () => postgresGround(need('postgresql'), startPostgres)
const test = worldTests(ground(), fakeClock(), random)
contactsContract(test)
identityContract(test)
