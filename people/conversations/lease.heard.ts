import { idText, type AppId, type MemberId } from '@fermata/base/ids'
import type { StoredEvent } from '@fermata/storage/port'
import type { LeaseActions } from './lease.actions.ts'

/**
 * Lets leases go by which somebody would hold what they see no more. Told of every event after its commit;
 * what a crash makes it miss ends by its time.
 */
export function leasesHeard(
  leases: Pick<LeaseActions, 'reconsider'>,
  failed: (error: unknown) => void,
): (event: StoredEvent) => void {
  return ({ type, workspace, only, body }) => {
    const isApp = type === 'app.removed' || type === 'app.changed'
    if (type !== 'access.changed' && !isApp) return
    // Nobody holds anything in a channel.
    if (type === 'access.changed' && 'channel' in JSON.parse(body)) return
    const holder = isApp
      ? (JSON.parse(body) as { app: AppId }).app
      : (only as MemberId | AppId | null)
    leases.reconsider(idText('wsp', workspace), holder).catch(failed)
  }
}
