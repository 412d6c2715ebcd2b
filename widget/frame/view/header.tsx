import type { JSX } from 'preact'
import { useSurround } from './context.ts'
import { Icon } from './icons.tsx'

/** The bar on top: where one is, the way back, and the way out. */
export function Header({ title, back }: { title: string; back?: () => void }): JSX.Element {
  const { say, close } = useSurround()
  return (
    <header class="header">
      {back && (
        <button type="button" class="round" aria-label={say('back')} onClick={back}>
          <Icon name="back" />
        </button>
      )}
      <h1>{title}</h1>
      <button type="button" class="round" aria-label={say('close')} onClick={close}>
        <Icon name="close" />
      </button>
    </header>
  )
}
