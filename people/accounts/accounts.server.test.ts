import { fakeClock } from '@fermata/testkit/clock'
import { need } from '@fermata/testkit/needs'
import { startPostgres } from '@fermata/testkit/postgres'
import { postgresGround, worldTests } from '../rooms.world.ts'
import { appsContract } from './apps.contract.ts'
import { factorsContract } from './factors.contract.ts'
import { invitationsContract } from './invitations.contract.ts'
import { membersContract } from './members.contract.ts'
import { rolesContract } from './roles.contract.ts'
import { workspacesContract } from './workspaces.contract.ts'
import { firstWorkspaceContract, setupContract } from './setup.contract.ts'
import { signInContract } from './sign-in.contract.ts'

const random = (bytes: Uint8Array<ArrayBuffer>) => crypto.getRandomValues(bytes)
const ground = () => postgresGround(need('postgresql'), startPostgres)
setupContract(worldTests(ground(), fakeClock(), random))
firstWorkspaceContract(worldTests(ground(), fakeClock(), random))
const test = worldTests(ground(), fakeClock(), random)
signInContract(test)
membersContract(test)
rolesContract(test)
invitationsContract(test)
appsContract(test)
factorsContract(test)
workspacesContract(worldTests(ground(), fakeClock(), random))
