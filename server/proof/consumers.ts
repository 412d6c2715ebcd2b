import assert from 'node:assert/strict'
import { systemClock } from '@fermata/base/clock'
import type { ConversationRow } from '@fermata/contract/conversations.schema'
import type { RouteName } from '@fermata/contract/routes'
import type { Answer } from '@fermata/contract/routes.schema'
import type { SeededRandom } from '@fermata/testkit/random'
import { ask, type Answered, type Credentials } from './asking.ts'
import { newClientId, type Whereabouts } from './talkers.ts'

const clock = systemClock()

/** Lets real time pass: leases end by it. */
export const pause = (ms: number) => new Promise<void>((go) => clock.after(ms, go))

/** What the consumers have achieved together. */
export interface Work {
  readonly inbox: string
  /** Which answer was acknowledged, by conversation: its client id. */
  readonly answered: Map<string, string>
  /** Client ids of answers of which nobody can say whether they were kept: their writers are out. */
  readonly inDoubt: Set<string>
  /** How often something happened that is no answer. */
  readonly counts: Record<'stalled' | 'overtaken' | 'passed' | 'forgotten', number>
  isOver: boolean
}

/** Somebody who works off an inbox. */
export interface Consumer {
  readonly as: Credentials
  /** How long their leases last, in ms. */
  readonly leaseMs: number
  readonly random: SeededRandom
}

/** Asks until there is an answer: the server is killed now and then, and a limit may be met. */
export async function askOn(
  where: Whereabouts,
  request: string,
  as: Credentials,
  body?: object,
): Promise<Answered> {
  for (;;) {
    const url = await where()
    try {
      const answer = await ask(url, request, as, body)
      if (answer.status === 429) await pause(500)
      else if (answer.status !== 503) return answer
    } catch (error) {
      const wasCut = error instanceof TypeError && /fetch failed|terminated/.test(error.message)
      if (!wasCut) throw error
    }
  }
}

/** The same, where only a success will do. */
export async function mustAskOn<N extends RouteName>(
  where: Whereabouts,
  request: string,
  as: Credentials,
): Promise<Answer<N>> {
  const answer = await askOn(where, request, as)
  assert.ok(answer.status < 300, `${request}: ${answer.status} ${JSON.stringify(answer.body)}`)
  return answer.body as Answer<N>
}

function codeOf({ body }: Answered): string {
  return (body as { error?: { code?: string } }).error?.code ?? ''
}

/** Answers what was taken, with the same client id however often it takes; false when it was overtaken. */
async function answer(
  where: Whereabouts,
  { as }: Consumer,
  work: Work,
  { id, token }: Pick<ConversationRow, 'id' | 'token'>,
): Promise<boolean> {
  const client = newClientId()
  const body = { client, token, text: `Answer ${client}` }
  const said = await askOn(where, `POST /v1/conversations/${id}/messages`, as, body)
  if (said.status < 300) {
    assert.equal(work.answered.has(id), false, `${id} is answered once`)
    work.answered.set(id, client)
    return true
  }
  if (said.status === 401) {
    work.inDoubt.add(client)
    return false
  }
  assert.ok(['lease_held', 'lease_lost'].includes(codeOf(said)), JSON.stringify(said.body))
  work.counts.overtaken += 1
  return true
}

/**
 * Works until the work is over, or the door is shut on whoever it is. Some of what is taken is passed, some
 * forgotten, and some answered too late.
 */
export async function consume(where: Whereabouts, consumer: Consumer, work: Work): Promise<void> {
  const { as, leaseMs, random } = consumer
  while (!work.isOver) {
    const body = { client: newClientId(), ms: leaseMs, waitMs: 1_000 }
    const taken = await askOn(where, `POST /v1/inboxes/${work.inbox}/next`, as, body)
    // Deactivated: before the request was let in, or while it went on.
    if (taken.status === 401 || codeOf(taken) === 'not_allowed') return
    if (codeOf(taken) === 'limit_reached') {
      await pause(200)
      continue
    }
    assert.ok(taken.status < 300, JSON.stringify(taken.body))
    const { conversation } = taken.body as Answer<'leases.next'>
    if (conversation === null) continue
    const chance = random.below(100)
    if (chance < 4) {
      work.counts.passed += 1
      const path = `PUT /v1/conversations/${conversation.id}/lease/pass`
      const passed = await askOn(where, path, as, { reason: 'not for me' })
      if (passed.status === 401) return
    } else if (chance < 6) {
      work.counts.forgotten += 1
    } else {
      if (chance < 10 && leaseMs < 10_000) {
        work.counts.stalled += 1
        await pause(leaseMs * 1.2)
      }
      if (!(await answer(where, consumer, work, conversation))) return
    }
  }
}
