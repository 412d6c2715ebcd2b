import type { ContactId } from '@fermata/base/ids'

/**
 * What a visitor is called who has not said a name: three signs from the random end of the id, so
 * that it is the same on every screen and on every day.
 */
export function visitorCode(id: ContactId): string {
  return id.slice(-3).toUpperCase()
}
