import type { JSX } from 'preact'

// Drawn by lucide (ISC licence).
const paths = {
  alert: 'M12 8v4M12 16h.01M22 12a10 10 0 1 1-20 0 10 10 0 0 1 20 0',
  back: 'm12 19-7-7 7-7M19 12H5',
  check: 'M20 6 9 17l-5-5',
  clock: 'M12 6v6l4 2M22 12a10 10 0 1 1-20 0 10 10 0 0 1 20 0',
  close: 'M18 6 6 18M6 6l12 12',
  cloudOff:
    'M10.94 5.274A7 7 0 0 1 15.71 10h1.79a4.5 4.5 0 0 1 4.222 6.057M18.796 18.81A4.5 4.5 0 0 1 17.5 19H9A7 7 0 0 1 5.79 5.78M2 2l20 20',
  down: 'm6 9 6 6 6-6',
  next: 'm9 18 6-6-6-6',
  pause: 'M10 15V9M14 15V9M22 12a10 10 0 1 1-20 0 10 10 0 0 1 20 0',
  plus: 'M5 12h14M12 5v14',
  send: 'm5 12 7-7 7 7M12 19V5',
} as const

/** The name of an icon. */
export type IconName = keyof typeof paths

/** An icon beside words that say the same; screen readers pass it over. */
export function Icon({ name, small = false }: { name: IconName; small?: boolean }): JSX.Element {
  const side = small ? 14 : 20
  return (
    <svg
      class={`icon icon-${name}`}
      viewBox="0 0 24 24"
      width={side}
      height={side}
      fill="none"
      stroke="currentColor"
      stroke-width={small ? 2.4 : 2}
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <path d={paths[name]} />
    </svg>
  )
}
