/**
 * What is asked for, each thing once. What is said of a topic or a group is far longer than its name: a small frame
 * that says one name many thousand times would make an answer that fills the memory.
 */
export function distinct<T>(asked: readonly T[], nameOf: (one: T) => string): readonly T[] {
  const names = new Set<string>()
  return asked.filter((one) => {
    const name = nameOf(one)
    return !names.has(name) && names.add(name)
  })
}

/** Names that one order holds more than once; Kafka refuses each of them. */
export function repeated(names: readonly string[]): ReadonlySet<string> {
  const once = new Set<string>()
  const more = new Set<string>()
  for (const name of names) {
    if (once.has(name)) more.add(name)
    once.add(name)
  }
  return more
}
