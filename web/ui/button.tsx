import type { LucideIcon } from 'lucide-react'
import type { ReactNode, Ref } from 'react'
import {
  Button as AriaButton,
  type ButtonProps as AriaButtonProps,
} from 'react-aria-components/Button'
import { classes } from './classes.ts'
import { Hint } from './hint.tsx'

/** How much a button stands out: one `primary` at most in a view. */
export type ButtonKind = 'primary' | 'plain' | 'quiet'

const kinds: Record<ButtonKind, string> = {
  primary: 'bg-accent text-on-accent font-medium hovered:bg-accent-press pressed:bg-accent-press',
  plain: 'ring-1 ring-inset ring-line bg-paper hovered:bg-hover pressed:bg-press',
  quiet: 'hovered:bg-hover pressed:bg-press',
}

const base =
  'inline-flex items-center justify-center gap-2 rounded-medium whitespace-nowrap select-none ' +
  'transition-colors disabled:opacity-50 data-[pending]:opacity-70'

/** What every button takes. */
export interface ButtonProps extends Omit<AriaButtonProps, 'className' | 'style' | 'children'> {
  kind?: ButtonKind
  icon?: LucideIcon
  children: ReactNode
  /** Fills its row, as the last button of a form does. */
  wide?: boolean
  ref?: Ref<HTMLButtonElement>
}

/** A button with a word on it. */
export function Button({
  kind = 'plain',
  icon: Icon,
  children,
  wide = false,
  ...rest
}: ButtonProps) {
  return (
    <AriaButton
      {...rest}
      className={classes(base, kinds[kind], 'h-8 px-3 coarse:h-10', wide && 'w-full h-9')}
    >
      {Icon && <Icon aria-hidden size={16} strokeWidth={1.75} className="shrink-0" />}
      {children}
    </AriaButton>
  )
}

/** What an icon button takes. */
export interface IconButtonProps extends Omit<AriaButtonProps, 'className' | 'style' | 'children'> {
  icon: LucideIcon
  /** What it does: read by screen readers and shown on hover and focus. */
  label: string
  /** The keys that do the same, as `⇧E`. */
  keys?: string | undefined
  kind?: ButtonKind
  small?: boolean
  ref?: Ref<HTMLButtonElement>
}

/** A button that shows only an icon, and says what it does in a hint. */
export function IconButton({
  icon: Icon,
  label,
  keys,
  kind = 'quiet',
  small = false,
  ...rest
}: IconButtonProps) {
  return (
    <Hint text={label} keys={keys}>
      <AriaButton
        {...rest}
        aria-label={label}
        className={classes(
          base,
          kinds[kind],
          kind === 'quiet' && 'text-soft hovered:text-ink',
          small ? 'size-6 coarse:size-8' : 'size-8 coarse:size-10',
        )}
      >
        <Icon aria-hidden size={16} strokeWidth={1.75} />
      </AriaButton>
    </Hint>
  )
}
