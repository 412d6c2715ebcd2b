import { useTranslation } from 'react-i18next'
import { Button } from 'react-aria-components/Button'
import type { ConversationId } from '@fermata/base/ids'
import { useMay, useModel } from '../../state/use-session.tsx'

import { useActs } from './use-acts.ts'

/** Tells quietly that a message woke nobody, and lets somebody say that it should have. */
export function SmallTalkLine(props: { conversation: ConversationId }) {
  const { conversation } = props
  const { t } = useTranslation()
  const acts = useActs()
  const mayWrite = useMay('conversations:write')
  const isOurs = useModel((model) => {
    const row = model.state.rows[conversation]
    return row === undefined || (row.turn === 'ours' && row.status === 'open')
  })
  return (
    <p className="text-small text-soft">
      {t('conversations.smallTalk.told')}{' '}
      {mayWrite && !isOurs && (
        <Button
          onPress={() => acts.perform(conversation, { type: 'turn', to: 'ours' })}
          className="underline decoration-faint decoration-dotted underline-offset-3 hovered:text-ink coarse:min-h-6"
        >
          {t('conversations.smallTalk.makeOurs')}
        </Button>
      )}
    </p>
  )
}
