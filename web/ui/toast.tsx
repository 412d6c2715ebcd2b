import { Check, CircleAlert, Info, X } from 'lucide-react'
import { createContext, use, useCallback, useMemo, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { present } from '@fermata/base/assert'
import type { Cancel } from '@fermata/base/clock'
import { Button } from 'react-aria-components/Button'
import { IconButton } from './button.tsx'
import { useEnvironment } from './environment.tsx'

/** How long a notice stays, in milliseconds; the time in which it can be undone. */
export const noticeMs = 10_000

/** Something that has happened, said in passing. */
export interface Notice {
  readonly text: string
  readonly kind?: 'done' | 'failed' | 'info'
  /** Takes it back. */
  readonly undo?: () => void
  /** It has gone by without being taken back. */
  readonly settled?: () => void
}

interface Shown extends Notice {
  readonly id: number
}

/** Says things in passing. */
export interface Notices {
  say(notice: Notice): void
  /** Says what may turn out not to be true, and answers what takes it off the screen then. */
  sayEarly(notice: Notice): () => void
  /** Takes back the newest thing that can be; answers whether there was one. */
  undo(): boolean
}

const NoticesContext = createContext<Notices | null>(null)

/** Says things in passing, from anywhere below the provider. */
export function useNotices(): Notices {
  return present(use(NoticesContext), 'the notices')
}

/** The same where there are any: before somebody is signed in there are none. */
export function useNoticesIfAny(): Notices | null {
  return use(NoticesContext)
}

const icons = { done: Check, failed: CircleAlert, info: Info }

/** The notices that are on the screen, newest last; each leaves by itself unless somebody is at it. */
function useShelf() {
  const { clock } = useEnvironment()
  const [shown, setShown] = useState<readonly Shown[]>([])
  const all = useRef<readonly Shown[]>([])
  const timers = useRef(new Map<number, Cancel>())
  const last = useRef(0)

  const put = useCallback((next: readonly Shown[]) => {
    all.current = next
    setShown(next)
  }, [])
  const takeOff = useCallback(
    (id: number) => {
      timers.current.get(id)?.()
      timers.current.delete(id)
      put(all.current.filter((one) => one.id !== id))
    },
    [put],
  )
  const leave = useCallback(
    (id: number, undone: boolean) => {
      const notice = all.current.find((one) => one.id === id)
      if (notice === undefined) return
      takeOff(id)
      if (undone) notice.undo?.()
      else notice.settled?.()
    },
    [takeOff],
  )
  const hold = useCallback((id: number) => timers.current.get(id)?.(), [])
  const release = useCallback(
    (id: number) => {
      timers.current.get(id)?.()
      timers.current.set(
        id,
        clock.after(noticeMs, () => leave(id, false)),
      )
    },
    [clock, leave],
  )
  const sayEarly = useCallback(
    (notice: Notice) => {
      last.current += 1
      const id = last.current
      // Three are enough to see; an older one has had its time.
      const [oldest] = all.current.length >= 3 ? all.current : []
      if (oldest) leave(oldest.id, false)
      put([...all.current, { ...notice, id }])
      release(id)
      return () => takeOff(id)
    },
    [leave, put, release, takeOff],
  )
  const undo = useCallback(() => {
    const newest = all.current.findLast((one) => one.undo !== undefined)
    if (newest) leave(newest.id, true)
    return newest !== undefined
  }, [leave])
  const notices = useMemo(
    () => ({ say: (notice: Notice) => void sayEarly(notice), sayEarly, undo }),
    [sayEarly, undo],
  )
  return { shown, leave, hold, release, notices }
}

/** Shows notices in a corner, and lets everything below say some. */
export function NoticesProvider(props: { children: ReactNode }) {
  const { t } = useTranslation()
  const { shown, leave, hold, release, notices } = useShelf()
  return (
    <NoticesContext value={notices}>
      {props.children}
      <div
        role="region"
        aria-label={t('ui.notices')}
        aria-live="polite"
        data-react-aria-top-layer
        className="safe-bottom pointer-events-none fixed inset-x-0 bottom-4 z-60 flex flex-col items-center gap-2 px-4"
      >
        {shown.map((notice) => {
          const Icon = icons[notice.kind ?? 'done']
          return (
            <div
              key={notice.id}
              onPointerEnter={() => hold(notice.id)}
              onPointerLeave={() => release(notice.id)}
              onFocus={() => hold(notice.id)}
              onBlur={() => release(notice.id)}
              className="rising pointer-events-auto flex max-w-105 items-center gap-2.5 rounded-large bg-ink py-1.5 ps-3.5 pe-1.5 text-paper shadow-raised"
            >
              <Icon aria-hidden size={16} className="shrink-0 opacity-70" />
              <span className="py-1.5">{notice.text}</span>
              {notice.undo && (
                <Button
                  onPress={() => leave(notice.id, true)}
                  className="rounded-medium px-2.5 py-1.5 font-semibold underline decoration-paper/40 underline-offset-4 hovered:bg-paper/10 data-[focus-visible]:outline-paper"
                >
                  {t('ui.undo')}
                </Button>
              )}
              <span className="[&>button]:text-paper/70 [&>button]:hovered:bg-paper/10 [&>button]:hovered:text-paper">
                <IconButton
                  small
                  icon={X}
                  label={t('ui.dismiss')}
                  onPress={() => leave(notice.id, false)}
                />
              </span>
            </div>
          )
        })}
      </div>
    </NoticesContext>
  )
}
