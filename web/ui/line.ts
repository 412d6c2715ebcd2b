/** How a line of the sidebar looks. */
export const lineLook =
  'flex h-8 items-center gap-2.5 rounded-medium px-2 transition-colors hover:bg-press coarse:h-11 ' +
  'aria-[current=page]:bg-accent-soft aria-[current=page]:font-medium aria-[current=page]:text-accent'

/** The router takes a part of a place for the place itself; which line is the present one is said by the line. */
export const notByItself = { 'aria-current': undefined }
