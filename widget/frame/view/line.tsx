import type { JSX } from 'preact'
import { useSurround } from './context.ts'
import { Icon } from './icons.tsx'

/** Says that there is no connection, and that nothing is lost by it. */
export function ConnectionLine({ cut }: { cut: boolean }): JSX.Element {
  const { say } = useSurround()
  return (
    <output class="line">
      {cut && (
        <p>
          <Icon name="cloudOff" small />
          {say('offline')}
        </p>
      )}
    </output>
  )
}
