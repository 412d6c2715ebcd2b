import { ChevronRight } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from 'react-aria-components/Button'
import type { MoveId } from '@fermata/base/ids'
import type { AnyEvent } from '@fermata/contract/events.schema'
import { en } from '../../i18n/en.ts'
import { useModel } from '../../state/use-session.tsx'
import { ClockTime, useMoment } from '../../ui/time/time.tsx'
import { useActorName } from '../contacts/names.ts'
import { MoveLinks } from './move-links.tsx'
import { historyLines, type HistoryLine, type HistoryWords } from './history.ts'

/** More lines than these in a row are folded. */
const unfoldedMax = 2

/** What happened between two messages, in small print; much of it is folded into one line. */
export function Changes(props: { events: readonly AnyEvent[]; standing: ReadonlySet<MoveId> }) {
  const { t } = useTranslation()
  const lines = props.events.flatMap((event) =>
    historyLines(event).map((line) => ({
      line,
      at: event.at,
      key: `${event.position} ${line.words}`,
    })),
  )
  const [isOpen, setOpen] = useState(false)
  const isFolded = lines.length > unfoldedMax
  return (
    <div className="flex flex-col py-2 ps-10 text-small text-soft">
      {isFolded && (
        <Button
          aria-expanded={isOpen}
          onPress={() => setOpen(!isOpen)}
          className="-ms-5 flex w-fit items-center gap-1 rounded-small pe-1 hovered:text-ink"
        >
          <ChevronRight
            aria-hidden
            size={14}
            className={isOpen ? 'rotate-90' : 'rtl:-scale-x-100'}
          />
          {t('conversations.history.changes', { count: lines.length })}
        </Button>
      )}
      {(!isFolded || isOpen) &&
        lines.map(({ line, at, key }) => (
          <Line key={key} line={line} at={at} standing={props.standing} />
        ))}
    </div>
  )
}

type MyWords = keyof typeof en.conversations.historyMe

/** Whether a line has words of its own for what I did. */
function isMine(words: HistoryWords): words is MyWords {
  return words in en.conversations.historyMe
}

function Line(props: { line: HistoryLine; at: number; standing: ReadonlySet<MoveId> }) {
  const { line } = props
  const { t } = useTranslation()
  const name = useActorName()
  const moment = useMoment()
  const me = useModel((model) => model.state.me)
  const words = {
    who: name(line.who),
    whom: line.whom === undefined ? '' : name(line.whom),
    time: line.time === undefined ? '' : moment(line.time),
    count: line.move?.count ?? 0,
  }
  return (
    <p className="flex flex-wrap gap-x-2 py-0.5">
      <span>
        {line.who === me && isMine(line.words)
          ? t(`conversations.historyMe.${line.words}`, words)
          : t(`conversations.history.${line.words}`, words)}
      </span>
      <ClockTime at={props.at} />
      {line.move !== undefined && <MoveLinks move={line.move} standing={props.standing} />}
    </p>
  )
}
