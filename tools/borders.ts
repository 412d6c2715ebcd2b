// Holds the imports of all sources against the table: directions, doors, declared packages, and what
// may reach a browser. Cycles and reach are in borders.graph.ts.

import { builtinModules } from 'node:module'
import { posix } from 'node:path'
import { browserWings, program, rooms, schemaFile, wings } from './borders.table.ts'
import { isTest, type Import, type Source } from './sources.ts'

/** The packages that a package.json names. */
export interface Manifest {
  readonly dependencies: readonly string[]
  readonly devDependencies: readonly string[]
}

/** An import that the table does not allow. */
export interface Breach {
  readonly path: string
  readonly line: number
  /** What is wrong and what to do instead. */
  readonly why: string
}

/** Where a specifier leads: to a file of ours, or to a package or a module of Node. */
export type Target = { readonly file: string } | { readonly pack: string }

/** Resolves what an import says, seen from the file that says it. */
export function resolveTarget(path: string, to: string): Target {
  if (to.startsWith('.')) return { file: posix.join(posix.dirname(path), to) }
  const own = /^@fermata\/([^/]+)\/(.+)$/.exec(to)
  if (own) return { file: `${own[1]}/${own[2]}.ts` }
  if (to.startsWith('node:')) return { pack: to }
  if (builtinModules.includes(to)) return { pack: `node:${to}` }
  const [scope = '', name] = to.split('/')
  return { pack: to.startsWith('@') ? `${scope}/${name}` : scope }
}

/**
 * All breaches of one file.
 *
 * @param manifests By folder; the repository's own is under the empty name.
 */
export function breachesOf(source: Source, manifests: ReadonlyMap<string, Manifest>): Breach[] {
  return source.imports.flatMap((one) => {
    const target = resolveTarget(source.path, one.to)
    const whys =
      'pack' in target
        ? packageWhys(source.path, one, target.pack, manifests)
        : fileWhys(source.path, one, target.file)
    return whys.map((why) => ({ path: source.path, line: one.line, why: `${one.to}: ${why}` }))
  })
}

/** Files that belong to tests or to a build, and run on Node even in a wing for browsers. */
function runsAside(path: string): boolean {
  return isTest(path) || path.endsWith('.config.ts')
}

function packageWhys(
  path: string,
  one: Import,
  pack: string,
  manifests: ReadonlyMap<string, Manifest>,
): string[] {
  const wing = wingOf(path)
  if (pack.startsWith('node:')) {
    const isAllowed = !wings[wing]?.isBrowser || runsAside(path)
    return isAllowed ? [] : [`${wing}/ also runs in browsers and must not need Node`]
  }
  const manifest = manifests.get(wing)
  const house = manifests.get('')
  const named = [...(manifest?.dependencies ?? [])]
  // What is left at run time, or is left in a shipped file, must be installed with it.
  const isShipped = !runsAside(path) && !one.typeOnly && wing !== 'tools' && wing !== 'bench'
  if (!isShipped)
    named.push(...(manifest?.devDependencies ?? []), ...(house?.devDependencies ?? []))
  if (named.includes(pack)) return []
  return [
    `not named in ${manifest ? `${wing}/` : ''}package.json${isShipped ? ' (dependencies)' : ''}`,
  ]
}

function fileWhys(path: string, one: Import, file: string): string[] {
  const from = wingOf(path)
  const to = wingOf(file)
  // The addresses that tests name are of programs they start.
  if (one.isAddress && (file === program || isTest(path))) return []
  const wing = wings[from]
  if (!wing) return [`${from}/ is no wing of tools/borders.table.ts`]
  if (from === to) {
    if (!one.to.startsWith('.')) return ['inside a workspace imports are relative']
    return from === 'people' ? roomWhys(path, file) : []
  }
  const whys: string[] = []
  if (one.to.startsWith('.'))
    whys.push(`another workspace is imported by its name, @fermata/${to}/…`)
  const allowed = [...wing.from, ...(isTest(path) ? wing.inTests : [])]
  if (!allowed.includes(to)) whys.push(directionWhy(from, to, wing.inTests.includes(to)))
  if (to === 'people') whys.push(...doorWhys(file))
  if (browserWings.includes(from) && !runsAside(path) && !one.typeOnly && schemaFile.test(file)) {
    whys.push('schemas stay on the server; take their types by `import type`')
  }
  return whys
}

function directionWhy(from: string, to: string, isForTests: boolean): string {
  if (isForTests) return `${from}/ imports ${to}/ only in tests`
  return `${from}/ must not know ${to}/ (see tools/borders.table.ts)`
}

/** From outside, a room is entered by its index.ts; files beside the rooms are open. */
function doorWhys(file: string): string[] {
  const room = roomOf(file)
  if (room === undefined || file === `people/${room}/index.ts`) return []
  return [`the room is entered through people/${room}/index.ts`]
}

function roomWhys(path: string, file: string): string[] {
  const from = roomOf(path)
  const to = roomOf(file)
  if (from === to || to === undefined) return []
  const whys = doorWhys(file)
  if (!rooms.includes(to)) return [...whys, `people/${to}/ has no place in the order of rooms`]
  if (from === undefined) return whys
  if (!rooms.includes(from)) return [...whys, `people/${from}/ has no place in the order of rooms`]
  if (rooms.indexOf(to) > rooms.indexOf(from)) {
    whys.push(`${to} comes after ${from}; what ${from} must not know it tells by the feed`)
  }
  return whys
}

function wingOf(path: string): string {
  return path.slice(0, path.indexOf('/'))
}

function roomOf(path: string): string | undefined {
  const parts = path.split('/')
  return parts.length > 2 ? parts[1] : undefined
}
