import { useTranslation } from 'react-i18next'
import { Button } from 'react-aria-components/Button'
import { Link } from '@tanstack/react-router'
import type { MoveId } from '@fermata/base/ids'
import { useMay } from '../../state/use-session.tsx'
import type { HistoryLine } from './history.ts'
import { useMoves } from './use-moves.ts'

const look = 'rounded-small underline underline-offset-3 hovered:text-ink hover:text-ink'

/** Where the other conversation of a merge or split is, and what takes it back while it stands. */
export function MoveLinks(props: {
  move: NonNullable<HistoryLine['move']>
  standing: ReadonlySet<MoveId>
}) {
  const { id, other } = props.move
  const { t } = useTranslation()
  const moves = useMoves()
  const mayUndo = useMay('conversations:write') && props.standing.has(id)
  return (
    <>
      {other !== null && (
        <Link
          to="/inbox/$list/$conversation"
          params={{ list: 'all', conversation: other }}
          preload={false}
          className={look}
        >
          {t('moves.open')}
        </Link>
      )}
      {mayUndo && (
        <Button className={look} onPress={() => void moves.undo(id)}>
          {t('moves.undo')}
        </Button>
      )}
    </>
  )
}
