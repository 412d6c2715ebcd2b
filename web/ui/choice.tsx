import { Check } from 'lucide-react'
import type { ReactNode } from 'react'
import { Checkbox as AriaCheckbox } from 'react-aria-components/Checkbox'
import { Radio as AriaRadio, RadioGroup } from 'react-aria-components/RadioGroup'
import { Switch as AriaSwitch } from 'react-aria-components/Switch'
import { FieldLabel } from './field.tsx'

/** A box to tick. */
export function Checkbox(props: {
  isSelected: boolean
  onChange(selected: boolean): void
  children: ReactNode
}) {
  return (
    <AriaCheckbox
      isSelected={props.isSelected}
      onChange={props.onChange}
      className="group flex items-start gap-2.5 py-1 outline-none"
    >
      <span className="mt-0.5 flex size-4 shrink-0 items-center justify-center rounded-small bg-raised ring-1 ring-line-strong ring-inset group-data-[focus-visible]:outline-2 group-data-[focus-visible]:outline-offset-2 group-data-[focus-visible]:outline-accent group-data-[selected]:bg-accent group-data-[selected]:text-on-accent group-data-[selected]:ring-accent">
        <Check
          aria-hidden
          size={12}
          strokeWidth={3}
          className="hidden group-data-[selected]:block"
        />
      </span>
      <span>{props.children}</span>
    </AriaCheckbox>
  )
}

/** Something that is on or off at once, without a button to confirm it. */
export function Switch(props: {
  isSelected: boolean
  onChange(selected: boolean): void
  children: ReactNode
}) {
  return (
    <AriaSwitch
      isSelected={props.isSelected}
      onChange={props.onChange}
      className="group flex items-center justify-between gap-4 py-1 outline-none"
    >
      <span>{props.children}</span>
      <span className="flex h-5 w-9 shrink-0 items-center rounded-full bg-line-strong p-0.5 transition-colors group-data-[focus-visible]:outline-2 group-data-[focus-visible]:outline-offset-2 group-data-[focus-visible]:outline-accent group-data-[selected]:bg-accent">
        <span className="size-4 rounded-full bg-paper transition-transform group-data-[selected]:translate-x-4 rtl:group-data-[selected]:-translate-x-4" />
      </span>
    </AriaSwitch>
  )
}

/** One of a few things, all of them to be seen. */
export function Radios<T extends string>(props: {
  label: string
  labelHidden?: boolean
  value: T
  onChange(value: T): void
  options: readonly { readonly id: T; readonly text: ReactNode }[]
}) {
  return (
    <RadioGroup
      value={props.value}
      onChange={(value) => props.onChange(value as T)}
      {...(props.labelHidden === true ? { 'aria-label': props.label } : {})}
      className="flex flex-col gap-1"
    >
      {props.labelHidden !== true && <FieldLabel>{props.label}</FieldLabel>}
      {props.options.map((option) => (
        <AriaRadio
          key={option.id}
          value={option.id}
          className="group flex items-start gap-2.5 py-1 outline-none"
        >
          <span className="mt-0.5 size-4 shrink-0 rounded-full bg-raised ring-1 ring-line-strong ring-inset group-data-[focus-visible]:outline-2 group-data-[focus-visible]:outline-offset-2 group-data-[focus-visible]:outline-accent group-data-[selected]:ring-[5px] group-data-[selected]:ring-accent" />
          <span>{option.text}</span>
        </AriaRadio>
      ))}
    </RadioGroup>
  )
}

/** One of very few things side by side, as tabs are. */
export function Segments<T extends string>(props: {
  label: string
  value: T
  onChange(value: T): void
  options: readonly { readonly id: T; readonly text: ReactNode }[]
}) {
  return (
    <RadioGroup
      aria-label={props.label}
      orientation="horizontal"
      value={props.value}
      onChange={(value) => props.onChange(value as T)}
      className="flex w-fit gap-0.5 rounded-medium bg-hover p-0.5"
    >
      {props.options.map((option) => (
        <AriaRadio
          key={option.id}
          value={option.id}
          className="flex h-6 items-center gap-1.5 rounded-small px-2.5 text-soft transition-colors outline-none coarse:h-9 hovered:text-ink data-[focus-visible]:outline-2 data-[focus-visible]:outline-accent data-[selected]:bg-raised data-[selected]:font-medium data-[selected]:text-ink data-[selected]:ring-1 data-[selected]:ring-line"
        >
          {option.text}
        </AriaRadio>
      ))}
    </RadioGroup>
  )
}
