import assert from 'node:assert/strict'
import { memoryBroker, workspace, type BrokerWorld } from '../../broker/broker.world.ts'
import { allRights, type Rights } from '../../broker/rights.ts'
import { answered, answerTo } from './answers/all.ts'
import type { ApiName, RequestDraft, ResponseBody, ResponseDraft } from './apis.ts'
import {
  decodeRequest,
  decodeResponse,
  encodeRequest,
  encodeResponse,
  type RequestOf,
} from './codec.ts'
import { anonymous } from './identity.ts'
import { openPassage } from './passage.ts'

// What is answered, as a client reads it: by way of the codec, without a connection.

/** A broker with a topic of two partitions, and somebody who asks. */
export interface Stage {
  readonly world: BrokerWorld
  readonly topicId: string
  ask<Name extends ApiName>(
    api: Name,
    version: number,
    body: RequestDraft<Name>,
  ): Promise<ResponseBody<Name>>
}

/** Opens it for somebody who may do so much. */
export async function stage(rights: Rights = allRights): Promise<Stage> {
  const world = await memoryBroker()
  const { broker } = world
  const topics = [{ name: 'orders', partitions: 2, settings: [] }]
  const [made] = await broker.createTopics({ workspace, topics, validateOnly: false })
  assert.ok(made?.ok)
  const initial = { ...anonymous, rights }
  const passage = openPassage({ broker, initial, isPrivate: true, newNonce: () => '' })
  const where = { workspace, host: 'here', port: 9092, peer: 'there', offer: answered }
  const now = () => world.clock.now()
  const context = { broker: passage.broker, passage, now, ...where }
  return {
    world,
    topicId: made.id,
    async ask(api, version, body) {
      const header = { api, version, correlationId: 1, clientId: 'test' }
      const frame = Buffer.concat(encodeRequest({ ...header, body })).subarray(4)
      const request = decodeRequest(frame, answered)
      assert.ok(request.ok, JSON.stringify(request))
      const answer = await answerTo(api)!(request.value as RequestOf<typeof api>, context)
      assert.ok(!('noAnswer' in answer))
      const written = { ...header, body: answer as ResponseDraft<typeof api> }
      const read = decodeResponse(Buffer.concat(encodeResponse(written)).subarray(4), api, version)
      assert.ok(read.ok, JSON.stringify(read))
      return read.value.body
    },
  }
}
