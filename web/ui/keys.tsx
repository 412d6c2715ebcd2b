import { classes } from './classes.ts'

/** Keys as they stand on a keyboard, each in a frame of its own: `⇧ E`. */
export function Keys(props: { children: string; inverse?: boolean }) {
  return (
    <span className="inline-flex gap-1" aria-hidden>
      {props.children.split(' ').map((key) => (
        <kbd
          key={key}
          className={classes(
            'min-w-5 rounded-small px-1 text-center font-sans text-small leading-5',
            props.inverse === true ? 'bg-paper/15' : 'bg-press text-soft',
          )}
        >
          {key}
        </kbd>
      ))}
    </span>
  )
}
