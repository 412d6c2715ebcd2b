/** Where a row stands in a list: the order's two numbers as the columns hold them, and the id in hexadecimal digits. */
export type RowKey = readonly [a: number, b: number, id: string]

/** The keys of one inbox after one of them. */
export interface KeysFrom {
  /** In hexadecimal digits. */
  readonly inbox: string
  readonly from: RowKey
}

/** What is known so far of an inbox. */
interface Stream {
  readonly inbox: string
  last: RowKey
  hasMore: boolean
}

/** Orders two keys; `sign` is -1 where a list's first number falls. */
function compare(x: RowKey, y: RowKey, sign: number): number {
  if (x[0] !== y[0]) return sign * (x[0] - y[0])
  if (x[1] !== y[1]) return x[1] - y[1]
  return x[2] < y[2] ? -1 : x[2] > y[2] ? 1 : 0
}

/**
 * The first keys of several inboxes together, in the list's order. Asks each for a few, and then only those
 * that could still hold an earlier one, so that what is read grows with the page and not with the number of inboxes times the page.
 * `read` gives up to `each` keys of each inbox it is asked for, in order.
 */
export async function firstKeys(
  inboxes: readonly string[],
  list: { readonly from: RowKey; readonly ascends: boolean; readonly limit: number },
  read: (asked: readonly KeysFrom[], each: number) => Promise<ReadonlyMap<string, RowKey[]>>,
): Promise<RowKey[]> {
  const { from, limit } = list
  const sign = list.ascends ? 1 : -1
  let found: RowKey[] = []
  let open: Stream[] = inboxes.map((inbox) => ({ inbox, last: from, hasMore: true }))
  while (open.length > 0) {
    const each = Math.min(limit, Math.ceil((1.5 * limit) / open.length))
    const keys = await read(
      open.map(({ inbox, last }) => ({ inbox, from: last })),
      each,
    )
    for (const stream of open) {
      const more = keys.get(stream.inbox) ?? []
      found.push(...more)
      stream.last = more.at(-1) ?? stream.last
      stream.hasMore = more.length === each
    }
    found = found.sort((x, y) => compare(x, y, sign)).slice(0, limit)
    const end = found.length === limit ? found.at(-1) : undefined
    open = open.filter(
      ({ hasMore, last }) => hasMore && (end === undefined || compare(last, end, sign) < 0),
    )
  }
  return found
}
