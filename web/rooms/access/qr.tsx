import { useEffect, useState } from 'react'

/** How many squares of light a camera needs around the code (ISO/IEC 18004, section 5.3.8). */
const margin = 4

/** A code for a camera. It is loaded when it is first shown; it is dark on light in any theme, as cameras want it. */
export function QrCode(props: { text: string; label: string }) {
  const { text, label } = props
  const [squares, setSquares] = useState<readonly (readonly boolean[])[] | null>(null)
  useEffect(() => {
    let isPresent = true
    void import('./qr.ts').then(({ qrSquares }) => {
      if (isPresent) setSquares(qrSquares(text))
    })
    return () => {
      isPresent = false
    }
  }, [text])
  if (squares === null) return <div className="size-44" />
  const side = squares.length + 2 * margin
  const path = squares
    .flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : '')))
    .join('')
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`${-margin} ${-margin} ${side} ${side}`}
      shapeRendering="crispEdges"
      className="size-44 rounded-medium"
    >
      <rect x={-margin} y={-margin} width={side} height={side} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  )
}
