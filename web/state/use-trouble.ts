import { useCallback, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Result } from '@fermata/base/result'
import type { Refusal } from '@fermata/contract/errors'
import type { Faults } from '../ui/form.tsx'
import { useNoticesIfAny } from '../ui/toast.tsx'
import { tried, type Trouble } from './trouble.ts'

/** Says in the language of the screen why something was not done. */
export function useTroubleText(): (trouble: Trouble) => string {
  const { t } = useTranslation()
  return useCallback(
    (trouble) => {
      const words = { limit: trouble.limit ?? '', holder: trouble.holder?.name ?? '' }
      return t(`app.errors.${trouble.code}`, words)
    },
    [t],
  )
}

/** A form that is being sent, and what came of it. */
export interface Submission<T> {
  submit(): Promise<Result<T, Trouble> | null>
  readonly isPending: boolean
  /** By the last part of the field's path: `body.email` is `email`. */
  readonly faults: Faults
  readonly fault: string | null
  /** Shows what is wrong without asking the server. */
  refuse(faults: Faults): void
}

/**
 * Sends a form once at a time; a refusal is shown at the field that it names, or under the form. Whoever has closed
 * the form meanwhile is told in a notice.
 */
export function useSubmission<T>(
  fields: readonly string[],
  call: () => Promise<Result<T, Refusal>>,
): Submission<T> {
  const text = useTroubleText()
  const [isPending, setPending] = useState(false)
  const [faults, setFaults] = useState<Faults>({})
  const [fault, setFault] = useState<string | null>(null)
  const notices = useNoticesIfAny()
  const isShown = useRef(false)
  useEffect(() => {
    isShown.current = true
    return () => {
      isShown.current = false
    }
  }, [])
  const submit = async (): Promise<Result<T, Trouble> | null> => {
    if (isPending) return null
    setPending(true)
    setFaults({})
    setFault(null)
    const result = await tried(call)
    setPending(false)
    if (!result.ok) {
      const field = fields.find((name) => result.refusal.field?.split('.')[1] === name)
      if (!isShown.current) notices?.say({ kind: 'failed', text: text(result.refusal) })
      else if (field === undefined) setFault(text(result.refusal))
      else setFaults({ [field]: text(result.refusal) })
    }
    return result
  }
  return { submit, isPending, faults, fault, refuse: setFaults }
}
