import type { ReactNode } from 'react'
import { Tooltip, TooltipTrigger } from 'react-aria-components/Tooltip'
import { Keys } from './keys.tsx'

/** Says in a few words, on hover and on focus, what the control inside does. */
export function Hint(props: { text: string; keys?: string | undefined; children: ReactNode }) {
  return (
    <TooltipTrigger delay={500} closeDelay={0}>
      {props.children}
      <Tooltip
        offset={6}
        className="appearing flex max-w-72 items-center gap-2 rounded-small bg-ink px-2 py-1 text-small text-paper"
      >
        {props.text}
        {props.keys !== undefined && <Keys inverse>{props.keys}</Keys>}
      </Tooltip>
    </TooltipTrigger>
  )
}
