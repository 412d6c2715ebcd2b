import { useCallback, useEffect, useState } from 'react'
import type { Result } from '@fermata/base/result'
import type { Refusal } from '@fermata/contract/errors'
import { tried, type Trouble } from '../../state/trouble.ts'
import { useTroubleText } from '../../state/use-trouble.ts'
import { useNotices } from '../../ui/toast.tsx'

/** Something that is asked for when a page opens, and again when it is told to. Null until it is there. */
export function useLoaded<T>(ask: () => Promise<Result<T, Refusal>>): {
  readonly value: T | null
  readonly load: () => Promise<void>
} {
  const notices = useNotices()
  const troubleText = useTroubleText()
  const [value, setValue] = useState<T | null>(null)
  const load = useCallback(async () => {
    const result = await tried(ask)
    if (result.ok) setValue(result.value)
    else notices.say({ kind: 'failed', text: troubleText(result.refusal) })
  }, [ask, notices, troubleText])
  useEffect(() => void load(), [load])
  return { value, load }
}

/**
 * Does something to one of the things, says what came of it, and answers whether it was done. With `undo` it
 * can be taken back where it is told.
 */
export function useAct(): <T>(
  call: () => Promise<Result<T, Refusal>>,
  done: string,
  undo?: () => Promise<Result<unknown, Refusal>>,
) => Promise<boolean> {
  const notices = useNotices()
  const troubleText = useTroubleText()
  return useCallback(
    async (call, done, undo) => {
      const failed = (trouble: Trouble): void =>
        notices.say({ kind: 'failed', text: troubleText(trouble) })
      const takeBack = async (): Promise<void> => {
        const result = undo && (await tried(undo))
        if (result?.ok === false) failed(result.refusal)
      }
      const result = await tried(call)
      if (!result.ok) failed(result.refusal)
      else notices.say({ text: done, ...(undo && { undo: () => void takeBack() }) })
      return result.ok
    },
    [notices, troubleText],
  )
}
