import { File, FileArchive, FileText, Film, Image, Music, type LucideIcon } from 'lucide-react'

/** The sign for a kind of file. */
export function fileIcon(type: string): LucideIcon {
  if (type.startsWith('image/')) return Image
  if (type.startsWith('audio/')) return Music
  if (type.startsWith('video/')) return Film
  if (/zip|compressed|rar|tar/.test(type)) return FileArchive
  return type === 'application/pdf' || type.startsWith('text/') ? FileText : File
}
