import type { JSX } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { markdownNodes } from '../markdown.ts'

/** A text in Markdown. */
export function Markdown({ text }: { text: string }): JSX.Element {
  const place = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    place.current?.replaceChildren(markdownNodes(text))
  }, [text])
  return <div class="prose" ref={place} />
}
