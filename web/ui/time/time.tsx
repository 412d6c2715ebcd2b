import { useTranslation } from 'react-i18next'
import { Focusable } from 'react-aria-components/Tooltip'
import { localeFor, pickLanguage } from '../../i18n/languages.ts'
import { useEnvironment } from '../environment.tsx'
import { Hint } from '../hint.tsx'
import { clockText, dateText, dayText, fullText, momentText, type Shown } from './format.ts'
import { useNow } from './now.tsx'
import { presses, spanOf, type Span } from './span.ts'
import { daysBetween, wallAt } from './zone.ts'

/** How times are shown here: in the language of the screen and the zone of the browser. */
export function useShown(): Shown {
  const { zone, languages } = useEnvironment()
  const { i18n } = useTranslation()
  return { locale: localeFor(pickLanguage([i18n.language]), languages), zone }
}

/** Says a span in words: "5 min", "2 h". */
export function useSpanText(): (span: Span) => string {
  const { t } = useTranslation()
  return (span) => t(`ui.span.${span.unit}`, { count: span.count })
}

/** When something was said: the hour, with the whole date on hover and focus. */
export function ClockTime(props: { at: number }) {
  const shown = useShown()
  return (
    <Hint text={fullText(props.at, shown)}>
      <Focusable>
        <time
          role="note"
          tabIndex={-1}
          dateTime={new Date(props.at).toISOString()}
          className="text-small text-soft"
        >
          {clockText(props.at, shown)}
        </time>
      </Focusable>
    </Hint>
  )
}

/** How long ago something was; from a week on, its date. */
export function Age(props: { at: number }) {
  const shown = useShown()
  const span = useSpanText()
  const now = useNow()
  const ms = now - props.at
  return (
    <time dateTime={new Date(props.at).toISOString()} title={fullText(props.at, shown)}>
      {ms < 7 * 86_400_000 ? span(spanOf(ms)) : dateText(props.at, now, shown)}
    </time>
  )
}

/** By when an answer is owed. The only thing on the screen that may be red. */
export function Due(props: { at: number }) {
  const { t } = useTranslation()
  const shown = useShown()
  const span = useSpanText()
  const now = useNow()
  const late = now > props.at
  const left = spanOf(Math.abs(props.at - now))
  const text =
    left.unit === 'now' ? t('ui.dueNow') : t(late ? 'ui.late' : 'ui.dueIn', { span: span(left) })
  return (
    <time
      dateTime={new Date(props.at).toISOString()}
      title={fullText(props.at, shown)}
      className={presses(props.at, now) ? 'font-medium text-deadline' : undefined}
    >
      {text}
    </time>
  )
}

/** A time ahead, as "tomorrow, 09:00" or "Tue 24 Nov, 09:00". */
export function useMoment(): (time: number) => string {
  const { t } = useTranslation()
  const shown = useShown()
  const now = useNow()
  return (time) => {
    const days = daysBetween(wallAt(now, shown.zone), wallAt(time, shown.zone))
    const clock = clockText(time, shown)
    if (days === 0) return t('ui.todayAt', { time: clock })
    if (days === 1) return t('ui.tomorrowAt', { time: clock })
    return momentText(time, now, shown)
  }
}

/** The name of a day: today, yesterday, or its date. */
export function useDayName(): (time: number) => string {
  const { t } = useTranslation()
  const shown = useShown()
  const now = useNow()
  return (time) => {
    const days = daysBetween(wallAt(time, shown.zone), wallAt(now, shown.zone))
    if (days === 0) return t('ui.today')
    if (days === 1) return t('ui.yesterday')
    return dayText(time, now, shown)
  }
}
