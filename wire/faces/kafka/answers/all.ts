import type { Answer, Answers } from '../context.ts'
import type { ApiName } from '../apis.ts'
import { offered, type Offer } from '../codec.ts'
import { brokerAnswers } from './brokers.ts'
import { clusterAnswers } from './cluster.ts'
import { configAnswers } from './configs.ts'
import { groupAnswers, memberAnswers } from './groups.ts'
import { committedAnswers } from './offsets.ts'
import { offsetAnswers, recordAnswers } from './records.ts'
import { aclAnswers, saslAnswers } from './security.ts'
import { topicAnswers } from './topics.ts'
import { transactionAnswers, transactionViewAnswers } from './transactions.ts'

/** The answer of each API that is answered. */
export const answers = {
  ...clusterAnswers,
  ...saslAnswers,
  ...aclAnswers,
  ...brokerAnswers,
  ...recordAnswers,
  ...offsetAnswers,
  ...topicAnswers,
  ...configAnswers,
  ...memberAnswers,
  ...groupAnswers,
  ...committedAnswers,
  ...transactionAnswers,
  ...transactionViewAnswers,
} satisfies Partial<Answers<ApiName>>

/** The versions that are offered: of what is answered, those that apis.ts names. */
export const answered: Offer = Object.fromEntries(
  Object.entries(offered).filter(([name]) => Object.hasOwn(answers, name)),
)

/** The answer of one API. */
export function answerTo<Name extends ApiName>(name: Name): Answer<Name> | undefined {
  return (answers as Partial<Answers<ApiName>>)[name]
}
