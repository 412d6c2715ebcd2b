/** The colours that a label may have, by name. Red is for deadlines. */
export const labelColours = [
  'grey',
  'brown',
  'amber',
  'olive',
  'green',
  'teal',
  'blue',
  'violet',
  'plum',
] as const
export type LabelColour = (typeof labelColours)[number]

/** What two labels must not have in common: their names, however they are written. */
export function labelKey(name: string): string {
  return name.trim().normalize('NFKC').toLowerCase()
}
