const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const

/** A size as people read it: `14 kB`, `2.3 MB`. */
export function sizeText(bytes: number, locale: string): string {
  let value = bytes
  let unit = 0
  while (value >= 1_000 && unit < units.length - 1) {
    value /= 1_000
    unit += 1
  }
  const maximumFractionDigits = unit > 1 && value < 100 ? 1 : 0
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: units[unit] ?? 'byte',
    unitDisplay: unit === 0 ? 'long' : 'short',
    maximumFractionDigits,
  }).format(value)
}
