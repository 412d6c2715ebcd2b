import type { Result } from '@fermata/base/result'
import type { Refusal } from '@fermata/contract/errors'
import { errors } from '@fermata/contract/errors'
import type { RouteName } from '@fermata/contract/routes'
import { schemas, type RouteSchema } from '@fermata/contract/routes.schema'

/** Throws when a handler's answer is not what its schema says. */
export type AnswerCheck = (name: RouteName, result: Result<unknown, Refusal>) => void

interface Compiled {
  Check(value: unknown): boolean
  Errors(value: unknown): { readonly instancePath: string; readonly message: string }[]
}

/**
 * Makes the check of answers that tests switch on. In service it is left out: the types have said the
 * same already, and looking at every answer costs more than writing it.
 */
export async function answerCheck(): Promise<AnswerCheck> {
  const { Compile } = await import('typebox/compile')
  const compiled = new Map<RouteName, Compiled>()
  const compiledFor = (name: RouteName, schema: NonNullable<RouteSchema['answer']>): Compiled => {
    const known = compiled.get(name)
    if (known !== undefined) return known
    const made: Compiled = Compile(schema)
    compiled.set(name, made)
    return made
  }
  return (name, result) => {
    if (!result.ok) {
      if (!Object.hasOwn(errors, result.refusal.code)) {
        throw new Error(`${name} refuses with a code that is in no register`)
      }
      return
    }
    const schema = (schemas[name] as RouteSchema).answer
    if (schema === undefined) {
      if (result.value !== undefined) throw new Error(`${name} answers, and should answer nothing`)
      return
    }
    // What travels is the JSON: a field that is undefined is one that is not there.
    const travelled: unknown = JSON.parse(JSON.stringify(result.value))
    const check = compiledFor(name, schema)
    if (check.Check(travelled)) return
    const wrong = check.Errors(travelled).map((one) => `${one.instancePath} ${one.message}`)
    throw new Error(`${name} answers what its schema does not say: ${wrong.join('; ')}`)
  }
}
