import type { MemberActor } from '@fermata/contract/actors'
import type { Act } from './mirror.acts.world.ts'
import type { Stage } from './mirror.stage.world.ts'

const hour = 3_600_000

function on(stage: Stage) {
  return { params: { conversation: stage.conversation } }
}

/** Somebody writes on, whatever they have written before. */
async function write(stage: Stage, by: MemberActor, text: string) {
  const { mine } = await stage.world.call('drafts.get', by, on(stage))
  const body = { kind: 'reply', text, version: mine?.version ?? 0 } as const
  return stage.world.call('drafts.put', by, { ...on(stage), body })
}

/** Somebody writes on what all share. */
async function share(stage: Stage, by: MemberActor, text: string) {
  const { shared } = await stage.world.call('drafts.get', by, on(stage))
  const body = { kind: 'note', text, version: shared?.version ?? 0, take: true } as const
  return stage.world.call('drafts.putShared', by, { ...on(stage), body })
}

/** Somebody says something in two hours. */
async function later(stage: Stage, by: MemberActor, unless: 'answered' | null = null) {
  const { world } = stage
  const when = { at: world.clock.now() + 2 * hour }
  const body = { client: world.newClient(), text: 'Any news?', when, unless }
  return (await world.call('scheduled.add', by, { ...on(stage), body })).scheduled
}

/** What is written and not yet said. */
export const draftActs: Readonly<Record<string, Act>> = {
  'drafts.put': (s, random) => write(s, s.ana, `Dear ${random.below(1_000)}`),
  'drafts.put by another': (s) => write(s, s.ben, 'Hello'),
  'drafts.remove': (s) => s.world.call('drafts.remove', s.ana, { ...on(s), query: {} }),
  'drafts.putShared': (s, random) => share(s, s.ana, `We ${random.below(1_000)}`),
  'drafts.putShared over another’s': (s) => share(s, s.owner, 'We suggest'),
  'drafts.removeShared': (s) => s.world.call('drafts.removeShared', s.ana, { ...on(s), query: {} }),
  'drafts.sendShared': async (s) => {
    const { draft } = await share(s, s.ana, 'We have found it.')
    const body = { client: s.world.newClient(), version: draft.version }
    await s.world.call('drafts.sendShared', s.owner, { ...on(s), body })
  },
  'scheduled.add': (s) => later(s, s.ana),
  'scheduled.change': async (s, random) => {
    const params = { scheduled: (await later(s, s.ana)).id }
    const body = { text: `Now ${random.below(1_000)}?`, unless: 'answered' } as const
    await s.world.call('scheduled.change', s.ana, { params, body })
  },
  'scheduled.cancel': async (s) => {
    const params = { scheduled: (await later(s, s.ana)).id }
    await s.world.call('scheduled.cancel', s.ana, { params })
  },
  'scheduled.send': async (s) => {
    const params = { scheduled: (await later(s, s.owner)).id }
    await s.world.call('scheduled.send', s.owner, { params })
  },
  'scheduled.remove': async (s) => {
    const params = { scheduled: (await later(s, s.ana)).id }
    await s.world.call('scheduled.remove', s.ana, { params })
  },
  'what is scheduled is sent by its time': async (s) => {
    await later(s, s.owner)
    await later(s, s.ana, 'answered')
    s.world.clock.advance(3 * hour)
    await s.world.rooms.schedule.runDue()
  },
  'what is scheduled is held back': async (s) => {
    const { world, vera } = s
    await later(s, s.owner, 'answered')
    const body = { client: world.newClient(), text: 'I have it already.' }
    await world.call('messages.post', vera, { ...on(s), body })
    world.clock.advance(3 * hour)
    await world.rooms.schedule.runDue()
  },
}
