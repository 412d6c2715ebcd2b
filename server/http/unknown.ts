import type { FastifyReply, FastifyRequest } from 'fastify'
import { refusal } from '@fermata/contract/errors'
import { routes, type Route } from '@fermata/contract/routes'
import { refuse } from './refuse.ts'

interface Known {
  readonly pattern: RegExp
  readonly method: string
}

const known: Known[] = Object.values(routes).map(({ path, method }: Route) => ({
  pattern: new RegExp(`^${path.replaceAll(/:[a-z]+/g, '[^/]+')}$`),
  method,
}))

/** The methods that the route table takes at a path; none when there is no such path. */
export function methodsAt(path: string): string[] {
  const methods = known.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method)
  return [...new Set(methods)]
}

/** Answers for an address that no route serves: it may be there for other methods. */
export function answerUnknown(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const methods = methodsAt(request.url.split('?', 1)[0] ?? '')
  if (methods.length === 0) {
    return refuse(reply, refusal('not_found', { message: 'There is nothing at this address.' }))
  }
  void reply.header('allow', methods.join(', '))
  return refuse(reply, refusal('wrong_method'))
}
