import { File, FileArchive, FileText, Film, Image, Music, type LucideIcon } from 'lucide-react'

const kinds: readonly (readonly [pattern: RegExp, icon: LucideIcon])[] = [
  [/^image\//, Image],
  [/^audio\//, Music],
  [/^video\//, Film],
  [/zip|compressed|rar|tar/, FileArchive],
  [/^text\/|\/pdf$/, FileText],
  [/^/, File],
]

/** The sign for a kind of file. */
export function KindSign(props: { type: string }) {
  return kinds.map(([pattern, Icon], place) => {
    const isFirst = kinds.findIndex(([one]) => one.test(props.type)) === place
    if (!isFirst) return null
    return (
      <Icon
        key={pattern.source}
        aria-hidden
        size={16}
        strokeWidth={1.75}
        className="shrink-0 text-soft"
      />
    )
  })
}
