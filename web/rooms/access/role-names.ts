import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import type { RoleView } from '@fermata/contract/accounts.schema'
import type { RoleName } from '@fermata/contract/actors'
import { isRole, rolePermissions, roles, type Permission } from '@fermata/contract/permissions'
import { usePermissions, useSession } from '../../state/use-session.tsx'
import { useLoaded } from './use-loaded.ts'

/** The roles of the workspace's own, and what people call any role. */
export function useRoles(): {
  readonly own: readonly RoleView[] | null
  readonly load: () => Promise<void>
  readonly nameOf: (role: RoleName) => string
  /** The roles that I may give, the strongest first. */
  readonly givable: readonly { readonly id: RoleName; readonly text: string }[]
} {
  const { t } = useTranslation()
  const { client } = useSession()
  const held = usePermissions()
  const { value, load } = useLoaded(useCallback(() => client.roles.list(), [client]))
  const own = value?.rows ?? null
  const nameOf = (role: RoleName): string =>
    isRole(role) ? t(`accounts.members.${role}`) : (own?.find(({ id }) => id === role)?.name ?? '')
  const isMine = (allowed: readonly Permission[]): boolean =>
    allowed.every((one) => held.includes(one))
  const givable: RoleName[] = [
    ...roles.filter((role) => isMine(rolePermissions[role])),
    ...(own ?? []).filter(({ permissions }) => isMine(permissions)).map(({ id }) => id),
  ]
  return { own, load, nameOf, givable: givable.map((id) => ({ id, text: nameOf(id) })) }
}
