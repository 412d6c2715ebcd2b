import { CircleAlert } from 'lucide-react'
import { useMemo, type ReactNode } from 'react'
import { InForm } from './field.tsx'
import { Form as AriaForm } from 'react-aria-components/Form'

/** What is wrong with some fields, by their names. */
export type Faults = Readonly<Record<string, string>>

/** Fields and the button that sends them. */
export function Form(props: {
  onSubmit: () => void
  faults: Faults
  /** What is wrong with the whole. */
  fault: string | null
  children: ReactNode
}) {
  // A new object would count as a new answer, and show faults again that have been mended.
  const faults = useMemo(() => ({ ...props.faults }), [props.faults])
  return (
    <AriaForm
      validationErrors={faults}
      onSubmit={(event) => {
        event.preventDefault()
        props.onSubmit()
      }}
      className="flex flex-col gap-4"
    >
      <InForm value={true}>{props.children}</InForm>
      <Fault text={props.fault} />
    </AriaForm>
  )
}

/** Says what went wrong; read aloud as soon as it appears. Not red: only a deadline is. */
export function Fault(props: { text: string | null }) {
  if (props.text === null) return null
  return (
    <p role="alert" className="flex items-start gap-2 rounded-medium bg-press px-3 py-2">
      <CircleAlert aria-hidden size={16} className="mt-0.5 shrink-0" />
      <span>{props.text}</span>
    </p>
  )
}
