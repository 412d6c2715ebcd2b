import type { JSX } from 'preact'

// Drawn by lucide (ISC licence).
const paths = {
  alert: 'M12 8v4M12 16h.01M22 12a10 10 0 1 1-20 0 10 10 0 0 1 20 0',
  attach:
    'm16 6-8.414 8.586a2 2 0 0 0 2.829 2.829l8.414-8.586a4 4 0 1 0-5.657-5.657l-8.379 8.551a6 6 0 1 0 8.485 8.485l8.379-8.551',
  back: 'm12 19-7-7 7-7M19 12H5',
  check: 'M20 6 9 17l-5-5',
  clock: 'M12 6v6l4 2M22 12a10 10 0 1 1-20 0 10 10 0 0 1 20 0',
  close: 'M18 6 6 18M6 6l12 12',
  cloudOff:
    'M10.94 5.274A7 7 0 0 1 15.71 10h1.79a4.5 4.5 0 0 1 4.222 6.057M18.796 18.81A4.5 4.5 0 0 1 17.5 19H9A7 7 0 0 1 5.79 5.78M2 2l20 20',
  download: 'M12 15V3M21 15v4a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2v-4M7 10l5 5 5-5',
  down: 'm6 9 6 6 6-6',
  next: 'm9 18 6-6-6-6',
  pause: 'M10 15V9M14 15V9M22 12a10 10 0 1 1-20 0 10 10 0 0 1 20 0',
  plus: 'M5 12h14M12 5v14',
  play: 'M6 3 20 12 6 21Z',
  retry: 'M3 12a9 9 0 1 0 9-9 9.75 9.75 0 0 0-6.74 2.74L3 8M3 3v5h5',
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
