import { memo, useMemo } from 'react'
import { classes } from './classes.ts'
import { safeHtml } from './markdown.ts'

/** Text that somebody wrote in Markdown. */
export const Prose = memo(function Prose(props: { text: string; dim?: boolean }) {
  const html = useMemo(() => ({ __html: safeHtml(props.text) }), [props.text])
  return (
    <div
      dir="auto"
      className={classes('prose', props.dim === true && 'text-soft')}
      // Made safe in markdown.ts, which a test holds against a corpus of attacks in a real browser.
      dangerouslySetInnerHTML={html}
    />
  )
})
