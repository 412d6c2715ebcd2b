import { Check, ChevronsUpDown } from 'lucide-react'
import { Button } from 'react-aria-components/Button'
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox'
import { Popover } from 'react-aria-components/Popover'
import { Select as AriaSelect, SelectValue } from 'react-aria-components/Select'
import { classes } from './classes.ts'
import { FieldHelp, FieldLabel, inputLook } from './field.tsx'
import { optionLook, popoverLook } from './menu.tsx'

/** One of a list of things that opens. */
export function Select<T extends string>(props: {
  label: string
  labelHidden?: boolean
  /** Looks like the words around it until somebody points at it. */
  quiet?: boolean
  help?: string
  value: T
  onChange(value: T): void
  options: readonly { readonly id: T; readonly text: string }[]
}) {
  return (
    <AriaSelect
      value={props.value}
      onChange={(key) => key !== null && props.onChange(String(key) as T)}
      {...(props.labelHidden === true ? { 'aria-label': props.label } : {})}
      className="flex min-w-0 flex-col gap-1.5"
    >
      {props.labelHidden !== true && <FieldLabel>{props.label}</FieldLabel>}
      <Button
        className={classes(
          'flex items-center justify-between gap-2 text-start',
          props.quiet === true
            ? '-me-2 h-7 rounded-medium ps-2 pe-1 hovered:bg-hover coarse:h-10'
            : classes(inputLook, 'h-9 coarse:h-11'),
        )}
      >
        <SelectValue className="truncate" />
        <ChevronsUpDown aria-hidden size={14} className="shrink-0 text-soft" />
      </Button>
      {props.help !== undefined && <FieldHelp>{props.help}</FieldHelp>}
      <Popover offset={4} className={classes(popoverLook, 'min-w-(--trigger-width)')}>
        <ListBox items={props.options} className="outline-none">
          {(option) => (
            <ListBoxItem id={option.id} textValue={option.text} className={optionLook}>
              {({ isSelected }) => (
                <>
                  <span className="grow truncate">{option.text}</span>
                  {isSelected && <Check aria-hidden size={16} className="text-accent" />}
                </>
              )}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </AriaSelect>
  )
}
