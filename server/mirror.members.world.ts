import type { AppView } from '@fermata/contract/accounts.schema'
import type { Act } from './mirror.acts.world.ts'
import { agent } from './rooms.world.ts'

/** What is done to who works here: teams, members, roles, invitations and apps. */
export const memberActs: Readonly<Record<string, Act>> = {
  'teams.add': ({ world, owner }, random) =>
    world.call('teams.add', owner, { body: { name: `Team ${random.below(1_000_000)}` } }),
  'teams.change': ({ world, owner, team }, random) =>
    world.call('teams.change', owner, {
      params: { team },
      body: { name: `Support ${random.below(100)}` },
    }),
  'teams.join': ({ world, owner, team, ben }) =>
    world.call('teams.join', owner, { params: { team, member: ben.id } }),
  'teams.leave': ({ world, owner, team, ben }) =>
    world.call('teams.leave', owner, { params: { team, member: ben.id } }),
  'teams.join by the owner': ({ world, owner, team }) =>
    world.call('teams.join', owner, { params: { team, member: owner.id } }),
  'teams.leave by the owner': ({ world, owner, team }) =>
    world.call('teams.leave', owner, { params: { team, member: owner.id } }),
  'teams.remove': async ({ world, owner }, random) => {
    const name = `Short-lived ${random.below(1_000_000)}`
    const team = await world.call('teams.add', owner, { body: { name } })
    await world.call('teams.remove', owner, { params: { team: team.id } })
  },
  'members.add': ({ world }, random) => agent(world, `Guest${random.below(1_000_000_000)}`),
  'members.change': ({ world, owner, ben }, random) =>
    world.call('members.change', owner, {
      params: { member: ben.id },
      body: { name: `Ben ${random.below(100)}` },
    }),
  'me.change': ({ world, ana }, random) =>
    world.call('me.change', ana, { body: { name: `Ana ${random.below(100)}` } }),
  'members.change: another role': async ({ world, owner, gus }, random) => {
    const params = { member: gus.id }
    const role = random.pick(['guest', 'staff', 'agent', 'admin'] as const)
    await world.call('members.change', owner, { params, body: { role } })
  },
  'teams.join: a guest': ({ world, owner, team, gus }) =>
    world.call('teams.join', owner, { params: { team, member: gus.id } }),
  'teams.leave: a guest': ({ world, owner, team, gus }) =>
    world.call('teams.leave', owner, { params: { team, member: gus.id } }),
  'roles.change': ({ world, owner, role }, random) => {
    const powers = ['conversations:write', 'inboxes:read', 'inboxes:open', 'inboxes:all'] as const
    const some = random.shuffled(powers).slice(random.below(5))
    const permissions = ['conversations:read' as const, 'feed:read' as const, ...some]
    return world.call('roles.change', owner, { params: { role }, body: { permissions } })
  },
  'invitations.accept': async ({ world, owner }, random) => {
    const email = `Invited${random.below(1_000_000_000)}@example.com`
    const { token } = await world.call('invitations.add', owner, { body: { email, role: 'agent' } })
    const body = { token, name: 'Ina', password: 'correct horse battery' }
    await world.call('invitations.accept', null, { body })
  },
  'members.deactivate': async ({ world, owner }, random) => {
    const guest = await agent(world, `Leaver${random.below(1_000_000_000)}`)
    await world.call('members.deactivate', owner, { params: { member: guest.id } })
  },
  'members.reactivate': async ({ world, owner }, random) => {
    const guest = await agent(world, `Returner${random.below(1_000_000_000)}`)
    const params = { member: guest.id }
    await world.call('members.deactivate', owner, { params })
    await world.call('members.reactivate', owner, { params })
  },
  'apps.remove': async ({ world, owner }) => {
    const body = { name: 'passing', scopes: ['feed:read' as const] }
    const { app }: { app: AppView } = await world.call('apps.add', owner, { body })
    await world.call('apps.remove', owner, { params: { app: app.id } })
  },
}
