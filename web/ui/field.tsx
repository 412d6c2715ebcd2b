import { CircleAlert } from 'lucide-react'
import { createContext, use, type ReactNode, type Ref } from 'react'
import { FieldError } from 'react-aria-components/FieldError'
import { Input } from 'react-aria-components/Input'
import { Label } from 'react-aria-components/Label'
import { Text } from 'react-aria-components/Text'
import { TextArea } from 'react-aria-components/TextArea'
import {
  TextField as AriaTextField,
  type TextFieldProps as AriaTextFieldProps,
} from 'react-aria-components/TextField'
import { classes } from './classes.ts'

/** How a control that takes words looks. */
export const inputLook =
  'w-full rounded-medium bg-raised px-3 ring-1 ring-inset ring-line-strong/60 transition-shadow ' +
  'placeholder:text-soft hover:ring-line-strong disabled:opacity-60 ' +
  'data-[focused]:ring-2 data-[focused]:ring-accent data-[focused]:outline-none ' +
  'data-[invalid]:ring-ink'

/** The name of a field, above it. */
export function FieldLabel(props: { children: ReactNode }) {
  return <Label className="font-medium">{props.children}</Label>
}

/** What a field is for, below it. */
export function FieldHelp(props: { children: ReactNode }) {
  return (
    <Text slot="description" className="text-small text-soft">
      {props.children}
    </Text>
  )
}

/** What is wrong with a field. Not red: only a deadline is. */
function FieldFault() {
  return (
    <FieldError className="flex items-start gap-1.5 text-small font-medium group-data-[narrow]/field:whitespace-nowrap">
      {({ validationErrors }) => (
        <>
          <CircleAlert aria-hidden size={14} className="mt-px shrink-0" />
          <span>{validationErrors.join(' ')}</span>
        </>
      )}
    </FieldError>
  )
}

/** Whether fields stand in a form, where something may turn out to be wrong with them. */
export const InForm = createContext(false)

/**
 * What a field is for, or in its place what is wrong with it. In a form the line is always there: a fault
 * that leaves when the field is left would pull the button away from under the pointer.
 */
export function FieldFoot(props: { help?: ReactNode }) {
  const isReserved = use(InForm)
  if (!isReserved && props.help === undefined) return null
  return (
    <div className={classes(isReserved && 'min-h-4', props.help === undefined && '-mb-3')}>
      {props.help !== undefined && (
        <div className="leading-4 group-data-[invalid]/field:hidden">
          <FieldHelp>{props.help}</FieldHelp>
        </div>
      )}
      <FieldFault />
    </div>
  )
}

/** What a field for words takes. */
export interface TextFieldProps extends Omit<
  AriaTextFieldProps,
  'className' | 'style' | 'children'
> {
  label: string
  /** Only for screen readers, where the place says what it is. */
  labelHidden?: boolean
  help?: ReactNode
  placeholder?: string
  /** More than one line. */
  rows?: number
  inputRef?: Ref<HTMLInputElement>
  /** Too narrow for a fault, which then reaches beyond it. */
  narrow?: boolean
  /** Stands behind the field, in its row. */
  after?: ReactNode
}

/** A field for words, with its name above and its fault below. */
export function TextField({
  label,
  labelHidden = false,
  help,
  placeholder,
  rows,
  inputRef,
  narrow = false,
  after,
  ...rest
}: TextFieldProps) {
  const words = placeholder === undefined ? {} : { placeholder }
  return (
    <AriaTextField
      {...rest}
      {...(labelHidden ? { 'aria-label': label } : {})}
      {...(narrow ? { 'data-narrow': true } : {})}
      className="group/field flex min-w-0 flex-col gap-1.5"
    >
      {!labelHidden && <FieldLabel>{label}</FieldLabel>}
      <div className="flex items-center gap-2">
        {rows === undefined ? (
          <Input
            {...words}
            {...(inputRef ? { ref: inputRef } : {})}
            className={classes(inputLook, 'h-9 coarse:h-11')}
          />
        ) : (
          <TextArea {...words} rows={rows} className={classes(inputLook, 'resize-y py-2')} />
        )}
        {after}
      </div>
      <FieldFoot help={help} />
    </AriaTextField>
  )
}
