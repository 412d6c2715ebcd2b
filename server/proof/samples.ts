import type { RouteName } from '@fermata/contract/routes'
import type { Name } from './cast.ts'
import type { Play } from './play.ts'
import { accessSamples } from './samples.access.ts'
import { channelSamples } from './samples.channels.ts'
import { draftSamples } from './samples.drafts.ts'
import { fileSamples } from './samples.files.ts'
import { moveSamples } from './samples.moves.ts'
import { peopleSamples } from './samples.people.ts'
import { personSamples } from './samples.persons.ts'
import { repliesSamples } from './samples.replies.ts'
import { talkSamples } from './samples.talk.ts'
import { topicSamples } from './samples.topics.ts'

/** A request that is ready to be made. */
export interface Request {
  /** The values of the path's parameters, in their order. */
  readonly path?: readonly string[]
  readonly query?: Readonly<Record<string, string>>
  /** Sent as JSON, or as it is when it is bytes. */
  readonly body?: unknown
  /** Headers besides those that say who asks. */
  readonly headers?: Readonly<Record<string, string>>
  /** What the answer must hold, and for whom: that they see what is theirs. */
  readonly shows?: { readonly text: string; readonly to: readonly Name[] }
}

/** One way to call a route, and who may. */
export interface Sample {
  /** What is special about it, where a route has several. */
  readonly what?: string
  /** Who may, of those whom the route table lets in at all; everybody of them when absent. */
  readonly may?: readonly Name[]
  /** Those for whom the request is a mistake rather than a trespass: it is answered 400. */
  readonly mistakeOf?: readonly Name[]
  /** The one code that everybody is answered with, where nobody may at this stage. */
  readonly closed?: string
  /** Makes what the request is about, anew each time. */
  build(play: Play, as: Name): Promise<Request> | Request
}

/** How each route of the table is called. One that is missing does not compile, and fails the test. */
export const samples: Readonly<Record<RouteName, readonly Sample[]>> = {
  ...accessSamples,
  ...peopleSamples,
  ...draftSamples,
  ...fileSamples,
  ...repliesSamples,
  ...moveSamples,
  ...personSamples,
  ...channelSamples,
  ...talkSamples,
  ...topicSamples,
}
