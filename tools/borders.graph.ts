// The graph of what files load at run time: its cycles, and what of it reaches a browser.

import { browserWings, schemaFile } from './borders.table.ts'
import { resolveTarget } from './borders.ts'
import { isTest, type Source } from './sources.ts'

/** Which files each file loads; types are gone by then. */
export type Graph = ReadonlyMap<string, readonly string[]>

/**
 * Draws the graph of some sources; files outside them are left out.
 *
 * @param withThreads Whether a file also loads those that it starts as workers.
 */
export function drawGraph(sources: readonly Source[], withThreads: boolean): Graph {
  const known = new Set(sources.map((source) => source.path))
  return new Map(
    sources.map((source) => {
      const loaded = source.imports.flatMap((one) => {
        const target = resolveTarget(source.path, one.to)
        const isLoaded = !one.typeOnly && (withThreads || !one.isAddress)
        return isLoaded && 'file' in target && known.has(target.file) ? [target.file] : []
      })
      return [source.path, loaded]
    }),
  )
}

/** The cycles of a graph, each once, as paths that end where they begin. */
export function findCycles(graph: Graph): string[][] {
  const cycles: string[][] = []
  const finished = new Set<string>()
  const trail: string[] = []
  const visit = (path: string) => {
    const since = trail.indexOf(path)
    if (since !== -1) cycles.push([...trail.slice(since), path])
    if (since !== -1 || finished.has(path)) return
    trail.push(path)
    for (const next of graph.get(path) ?? []) visit(next)
    trail.pop()
    finished.add(path)
  }
  for (const path of graph.keys()) visit(path)
  return cycles
}

/** The shortest ways by which code for browsers would load a schema, one for each schema. */
export function schemasInBrowsers(graph: Graph): string[][] {
  const isStart = (path: string) =>
    browserWings.some((wing) => path.startsWith(`${wing}/`)) &&
    !isTest(path) &&
    !path.endsWith('.config.ts')
  const cameFrom = new Map<string, string | undefined>()
  for (const path of graph.keys()) if (isStart(path)) cameFrom.set(path, undefined)
  // The map grows while it is walked, which makes the walk breadth-first.
  for (const path of cameFrom.keys()) {
    for (const next of graph.get(path) ?? []) if (!cameFrom.has(next)) cameFrom.set(next, path)
  }
  return [...cameFrom.keys()]
    .filter((path) => schemaFile.test(path))
    .map((path) => {
      const way = [path]
      for (let at = cameFrom.get(path); at !== undefined; at = cameFrom.get(at)) way.unshift(at)
      return way
    })
}
