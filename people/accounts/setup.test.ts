import { fakeClock } from '@fermata/testkit/clock'
import { sqliteGround, worldTests } from '../rooms.world.ts'
import { firstWorkspaceContract, setupContract } from './setup.contract.ts'

const random = (bytes: Uint8Array<ArrayBuffer>) => crypto.getRandomValues(bytes)
setupContract(worldTests(sqliteGround(), fakeClock(), random))
firstWorkspaceContract(worldTests(sqliteGround(), fakeClock(), random))
