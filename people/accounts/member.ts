import type { RoleName } from '@fermata/contract/actors'
import { refusal, type Refusal } from '@fermata/contract/errors'
import { ok, refused, type Result } from '@fermata/base/result'

/** What the decisions about a member look at. */
export interface MemberState {
  readonly role: RoleName
  readonly deactivatedAt: number | null
}

/** Whether a member is an owner who can act. */
function actsAsOwner(member: MemberState): boolean {
  return member.role === 'owner' && member.deactivatedAt === null
}

/**
 * Decides whether a member may become `after`. A workspace keeps at least one owner who can act:
 * without one nobody could ever add another. `owners` counts those who can act now.
 */
export function decideMember(
  before: MemberState,
  after: MemberState,
  owners: number,
): Result<MemberState, Refusal> {
  if (actsAsOwner(before) && !actsAsOwner(after) && owners <= 1) {
    return refused(
      refusal('conflict', {
        message: 'This is the last owner. Make somebody else an owner first.',
      }),
    )
  }
  return ok(after)
}

/** An e-mail address as it is compared: without regard to case. */
export function emailKey(email: string): string {
  return email.toLowerCase()
}
