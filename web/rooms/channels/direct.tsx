import { useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { present } from '@fermata/base/assert'
import type { ConversationId } from '@fermata/base/ids'
import { useModel } from '../../state/use-session.tsx'
import { useGo } from '../../state/use-go.ts'
import { useDirectName } from './use-direct-name.ts'
import { Gone, Talk, useIsRefused } from './talk.tsx'

/** A direct conversation. */
export function DirectPage() {
  const { conversation } = useParams({ strict: false })
  const id = present(conversation, 'the open conversation')
  const isRefused = useIsRefused(id)
  return (
    <main id="main" tabIndex={-1} className="flex min-w-0 grow">
      <section className="min-w-0 grow">
        {isRefused ? <Gone /> : <Direct key={id} id={id} />}
      </section>
    </main>
  )
}

function Direct(props: { id: ConversationId }) {
  const { t } = useTranslation()
  const row = useModel((model) => model.state.floor[props.id])
  const nameOf = useDirectName()
  const go = useGo()
  const name = row === undefined ? '' : nameOf(row)
  return (
    <Talk
      id={props.id}
      title={name}
      to={name}
      back={t('channels.all')}
      onBack={go.channels}
      instead={null}
    />
  )
}
