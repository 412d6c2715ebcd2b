import { StickyNote } from 'lucide-react'
import { classes } from './classes.ts'
import { initialsOf } from './initials.ts'

const sizes = {
  small: 'size-5 text-[0.625rem]',
  medium: 'size-7 text-small',
  large: 'size-10 text-body',
}

/** Stands for a person: ours are tinted, customers are not. Purely an ornament beside the name. */
export function Avatar(props: {
  name: string
  ours: boolean
  size?: keyof typeof sizes
  note?: boolean
}) {
  return (
    <span
      aria-hidden
      className={classes(
        'inline-flex shrink-0 items-center justify-center rounded-full font-medium select-none',
        sizes[props.size ?? 'medium'],
        props.note === true
          ? 'bg-note-line/40 text-note-ink'
          : props.ours
            ? 'bg-accent-soft text-accent'
            : 'bg-press text-soft',
      )}
    >
      {props.note === true ? <StickyNote size={14} strokeWidth={1.75} /> : initialsOf(props.name)}
    </span>
  )
}
