import { useCallback, useMemo } from 'react'
import type { ConversationRow } from '@fermata/contract/conversations.schema'
import type { LabelView } from '@fermata/contract/labels.schema'
import { tried } from '../../state/trouble.ts'
import { useModel, useSession } from '../../state/use-session.tsx'
import { useTroubleText } from '../../state/use-trouble.ts'
import { useNotices } from '../../ui/toast.tsx'

/** The labels of the workspace, by name. */
export function useLabels(): readonly LabelView[] {
  const held = useModel((model) => model.state.labels)
  return useMemo(
    () =>
      Object.values(held)
        .filter((label) => label !== undefined)
        .toSorted((a, b) => a.name.localeCompare(b.name)),
    [held],
  )
}

/** The labels of a conversation, in its order; one that was removed is not among them. */
export function useLabelsOf({ labels }: Pick<ConversationRow, 'labels'>): readonly LabelView[] {
  const held = useModel((model) => model.state.labels)
  return useMemo(
    () => labels.map((id) => held[id]).filter((label) => label !== undefined),
    [labels, held],
  )
}

/** Adds a label of this name, or finds the one there is; null when it was refused, which is then said. */
export function useAddLabel(): (name: string) => Promise<LabelView | null> {
  const { client } = useSession()
  const notices = useNotices()
  const troubleText = useTroubleText()
  return useCallback(
    async (name) => {
      const result = await tried(() => client.labels.add({ body: { name } }))
      if (result.ok) return result.value
      notices.say({ kind: 'failed', text: troubleText(result.refusal) })
      return null
    },
    [client, notices, troubleText],
  )
}
