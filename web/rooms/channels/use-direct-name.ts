import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import type { FloorRow } from '@fermata/contract/channels.schema'
import { useModel, useMyId } from '../../state/use-session.tsx'

/** What a direct conversation is called: the others who take part in it. */
export function useDirectName(): (row: FloorRow) => string {
  const { t } = useTranslation()
  const members = useModel((model) => model.state.members)
  const me = useMyId()
  return useCallback(
    ({ place }) => {
      if (place.kind !== 'direct') return ''
      return place.members
        .filter((id) => id !== me)
        .map((id) => members[id]?.name ?? t('channels.somebody'))
        .join(', ')
    },
    [members, me, t],
  )
}
