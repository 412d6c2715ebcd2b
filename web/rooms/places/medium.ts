import { Code, MessageCircle, type LucideIcon } from 'lucide-react'
import type { InboxView } from '@fermata/contract/places.schema'

/** The sign of each medium. */
export const mediumIcons: Record<InboxView['medium'], LucideIcon> = {
  widget: MessageCircle,
  api: Code,
}
