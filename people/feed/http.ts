import { limits } from '@fermata/base/limits'
import { ok } from '@fermata/base/result'
import type { Handlers } from '../handler.ts'
import { readPage, viewerOf, type FeedDeps } from './page.ts'

/** The route of the feed as pages; the live transports are the server's. */
export function feedHandlers(deps: FeedDeps): Handlers<'feed.read'> {
  return {
    'feed.read': async ({ caller, query }) => {
      const limit = query.limit ?? limits.feedPageEventsMax
      const page = await deps.storage.read(async (tx) => {
        const viewer = await viewerOf(tx, deps.source, caller)
        return readPage(tx, deps, viewer, query.since ?? 0, limit)
      })
      return ok({ events: page.events, position: page.position, reset: page.reset })
    },
  }
}
