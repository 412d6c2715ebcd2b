// What must be true of package-lock.json, so that a clone installs the same on every platform and
// from wherever somebody's npm is told to fetch.

/** The part of a lock file that is looked at. */
export interface Lock {
  readonly packages: Readonly<Record<string, LockedPackage>>
}

/** One package of a lock file. */
export interface LockedPackage {
  readonly resolved?: string
  readonly integrity?: string
  readonly link?: boolean
  /** Whether it comes inside another package, and is locked with that. */
  readonly inBundle?: boolean
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

/** Everything that is wrong with a lock file. */
export function badLock({ packages }: Lock): string[] {
  const entries = Object.entries(packages)
  const names = new Set(entries.map(([path]) => path.split('node_modules/').at(-1)))
  return entries.flatMap(([path, locked]) => {
    const { resolved, integrity, link, inBundle, optionalDependencies } = locked
    const isFetched = path.includes('node_modules/') && !link && !inBundle
    // npm leaves out a platform's package that it could not fetch, and then refuses to install.
    const missing = Object.keys(optionalDependencies ?? {}).filter((name) => !names.has(name))
    return [
      ...(resolved?.includes('://') ? [`${path} names the host it came from`] : []),
      ...(isFetched && !integrity ? [`${path} is not locked by integrity`] : []),
      ...missing.map((name) => `${path} wants ${name}, which is not locked`),
    ]
  })
}
