/** The sign of the house: a fermata, an arc over a dot. */
export function Mark(props: { size?: number }) {
  const size = props.size ?? 20
  return (
    <svg
      aria-hidden
      width={size}
      height={size}
      viewBox="0 0 24 24"
      className="shrink-0 text-accent"
    >
      <path
        d="M2.5 17.5C2.5 11 6.8 6 12 6s9.5 5 9.5 11.5"
        fill="none"
        stroke="currentColor"
        strokeWidth="2.6"
        strokeLinecap="round"
      />
      <circle cx="12" cy="16.2" r="2.5" fill="currentColor" />
    </svg>
  )
}
