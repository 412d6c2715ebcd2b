import { fakeClock } from '@fermata/testkit/clock'
import { sqliteGround, worldTests } from '../rooms.world.ts'
import { appsContract } from './apps.contract.ts'
import { factorsContract } from './factors.contract.ts'
import { invitationsContract } from './invitations.contract.ts'
import { membersContract } from './members.contract.ts'
import { rolesContract } from './roles.contract.ts'
import { workspacesContract } from './workspaces.contract.ts'
import { signInContract } from './sign-in.contract.ts'

const random = (bytes: Uint8Array<ArrayBuffer>) => crypto.getRandomValues(bytes)
const test = worldTests(sqliteGround(), fakeClock(), random)
signInContract(test)
membersContract(test)
rolesContract(test)
invitationsContract(test)
appsContract(test)
factorsContract(test)
workspacesContract(worldTests(sqliteGround(), fakeClock(), random))
