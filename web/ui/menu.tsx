import { Check, type LucideIcon } from 'lucide-react'
import type { ReactElement, ReactNode } from 'react'
import { Header } from 'react-aria-components/Header'
import {
  Menu as AriaMenu,
  MenuItem as AriaMenuItem,
  MenuSection as AriaMenuSection,
  MenuTrigger,
  type Key,
  type Selection,
} from 'react-aria-components/Menu'
import { Popover } from 'react-aria-components/Popover'
import { Separator } from 'react-aria-components/Separator'
import { Keys } from './keys.tsx'

/** The ground on which menus and pickers stand. */
export const popoverLook =
  'appearing quiet-scroll max-w-[calc(100vw-16px)] overflow-y-auto rounded-large bg-raised p-1 shadow-raised outline-none'

/** How one line of a menu or a picker looks. */
export const optionLook =
  'flex min-h-8 w-full items-center gap-2.5 rounded-medium px-2.5 py-1.5 outline-none select-none coarse:min-h-11 ' +
  'data-[focused]:bg-hover data-[disabled]:opacity-50'

/** A control and the menu that it opens. */
export function Menu(props: {
  label: string
  trigger: ReactElement
  children: ReactNode
  onAction?: (key: Key) => void
  placement?: 'bottom start' | 'bottom end' | 'top start' | 'top end'
}) {
  return (
    <MenuTrigger>
      {props.trigger}
      <Popover placement={props.placement ?? 'bottom start'} offset={4} className={popoverLook}>
        <AriaMenu
          aria-label={props.label}
          {...(props.onAction ? { onAction: props.onAction } : {})}
          className="min-w-52 outline-none"
        >
          {props.children}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  )
}

/** A line of a menu that does something. */
export function MenuItem(props: {
  id: string
  icon?: LucideIcon
  keys?: string | undefined
  children: string
}) {
  const Icon = props.icon
  return (
    <AriaMenuItem id={props.id} textValue={props.children} className={optionLook}>
      {Icon && <Icon aria-hidden size={16} strokeWidth={1.75} className="shrink-0 text-soft" />}
      <span className="grow">{props.children}</span>
      {props.keys !== undefined && <Keys>{props.keys}</Keys>}
    </AriaMenuItem>
  )
}

/** A part of a menu of which one line is chosen. */
export function MenuChoice(props: {
  title: string
  value: string
  onChange(value: string): void
  options: readonly { readonly id: string; readonly text: string }[]
}) {
  const onSelectionChange = (keys: Selection): void => {
    const [key] = keys === 'all' ? [] : keys
    if (key !== undefined) props.onChange(String(key))
  }
  return (
    <AriaMenuSection
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[props.value]}
      onSelectionChange={onSelectionChange}
    >
      <Header className="px-2.5 pt-2 pb-1 text-small text-soft">{props.title}</Header>
      {props.options.map((option) => (
        <AriaMenuItem key={option.id} id={option.id} textValue={option.text} className={optionLook}>
          {({ isSelected }) => (
            <>
              <span className="grow">{option.text}</span>
              {isSelected && <Check aria-hidden size={16} className="text-accent" />}
            </>
          )}
        </AriaMenuItem>
      ))}
    </AriaMenuSection>
  )
}

/** A line between the parts of a menu. */
export function MenuLine() {
  return <Separator className="mx-2.5 my-1 h-px bg-line" />
}
