import { agentOf } from './start.data.ts'
import { mustAsk, Wire, type WireAnswer, type WireRequest } from './wire.ts'
import { addApp, asApp, signIn } from './world.ts'

const freshMs = 2_000

/** Somebody with a way in; as many connections as they have requests on the way. */
export class Person {
  readonly #port: number
  readonly #headers: Readonly<Record<string, string>>
  readonly #free: { readonly wire: Wire; readonly sinceMs: number }[] = []

  constructor(port: number, headers: Readonly<Record<string, string>>) {
    this.#port = port
    this.#headers = headers
  }

  /** Asks and answers whatever the server says. */
  ask(method: string, path: string, body?: object): Promise<WireAnswer> {
    return this.#with((wire) => wire.ask(this.#request(method, path, body)))
  }

  /** Asks, and throws unless the answer is a success. */
  must(method: string, path: string, body?: object): Promise<unknown> {
    return this.#with((wire) => mustAsk(wire, this.#request(method, path, body)))
  }

  #request(method: string, path: string, body: object | undefined): WireRequest {
    return { method, path, headers: this.#headers, ...(body === undefined ? {} : { body }) }
  }

  async #with<T>(use: (wire: Wire) => Promise<T>): Promise<T> {
    const last = this.#free.pop()
    // One that was not used for a while may be closed by the server at any moment.
    const isFresh = last !== undefined && performance.now() - last.sinceMs < freshMs
    if (!isFresh) last?.wire.close()
    const wire = isFresh ? last.wire : await Wire.open(this.#port)
    const answer = await use(wire)
    this.#free.push({ wire, sinceMs: performance.now() })
    return answer
  }
}

/** Those whom the workload `inbox` knows. */
export interface People {
  /** Is in every team. */
  readonly wide: Person
  /** By turns in the first team and in the second. */
  readonly agents: readonly Person[]
  readonly apps: readonly Person[]
}

/** Signs in the owner and some of the agents, as many as one address may, and adds apps. */
export async function peopleOf(
  port: number,
  size: { readonly agents: number; readonly apps: number; readonly teams: number },
): Promise<People> {
  const wire = await Wire.open(port)
  const headers = await signIn(wire, port)
  const agents: Person[] = []
  for (let i = 0; i < size.agents; i++) {
    const who = agentOf(Math.floor(i / 2) * size.teams + (i % 2))
    agents.push(new Person(port, await signIn(wire, port, who)))
  }
  const apps: Person[] = []
  for (let i = 0; i < size.apps; i++) {
    apps.push(new Person(port, asApp(await addApp(wire, headers, `load ${i}`))))
  }
  wire.close()
  return { wide: new Person(port, headers), agents, apps }
}
