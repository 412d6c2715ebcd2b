/** Rows as columns, numbers to the right; the first row is the head. */
export function tableOf(rows: readonly (readonly (string | number)[])[]): string[] {
  const texts = rows.map((row) => row.map(String))
  const widths = (texts[0] ?? []).map((_, at) =>
    Math.max(...texts.map((row) => (row[at] ?? '').length)),
  )
  return texts.map((row, line) =>
    row
      .map((text, at) => {
        const isNumber = typeof rows[line === 0 ? 1 : line]?.[at] === 'number'
        return isNumber ? text.padStart(widths[at]!) : text.padEnd(widths[at]!)
      })
      .join('  ')
      .trimEnd(),
  )
}
