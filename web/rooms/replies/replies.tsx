import { Pencil, Plus } from 'lucide-react'
import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ReplyUse, ReplyView } from '@fermata/contract/replies.schema'
import { useMay, useSession } from '../../state/use-session.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { Dialog, DialogBody } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/field.tsx'
import { useMoment } from '../../ui/time/time.tsx'
import { useLoaded } from '../access/use-loaded.ts'
import { useActorName } from '../contacts/names.ts'
import { NoThings, PageHead, Thing, Things } from '../settings/page.tsx'
import { ReplyForm } from './reply-form.tsx'
import { matching } from './slash.ts'
import { useReplies } from './use-replies.ts'

/** Prepared replies: those that everybody has, and one's own. */
export function Replies() {
  const { t } = useTranslation()
  const all = useReplies()
  const [query, setQuery] = useState('')
  const [editing, setEditing] = useState<ReplyView | 'new' | null>(null)
  const found = query.trim() === '' ? all : matching(all, query, all.length)
  const close = (): void => setEditing(null)
  return (
    <>
      <PageHead title={t('replies.canned.title')} lead={t('replies.canned.lead')}>
        <Button icon={Plus} onPress={() => setEditing('new')}>
          {t('replies.canned.add')}
        </Button>
      </PageHead>
      {all.length > 0 && (
        <div className="max-w-100 pb-6">
          <TextField label={t('replies.canned.search')} value={query} onChange={setQuery} />
        </div>
      )}
      {found.length === 0 ? (
        <NoThings>
          {t(all.length === 0 ? 'replies.canned.none' : 'replies.canned.notFound')}
        </NoThings>
      ) : (
        <>
          <Part
            title="shared"
            replies={found.filter(({ owner }) => owner === null)}
            edit={setEditing}
          />
          <Part
            title="own"
            replies={found.filter(({ owner }) => owner !== null)}
            edit={setEditing}
          />
        </>
      )}
      <Dialog
        title={
          editing === null || editing === 'new'
            ? t('replies.canned.add')
            : t('replies.canned.edit', { title: editing.title })
        }
        size="medium"
        isOpen={editing !== null}
        onClose={close}
      >
        <DialogBody>
          {editing !== null && (
            <ReplyForm reply={editing === 'new' ? null : editing} onClose={close} />
          )}
        </DialogBody>
      </Dialog>
    </>
  )
}

function Part(props: {
  title: 'shared' | 'own'
  replies: readonly ReplyView[]
  edit: (reply: ReplyView) => void
}) {
  const { t } = useTranslation()
  const { client } = useSession()
  const mayManage = useMay('replies:manage')
  const { value } = useLoaded(useCallback(() => client.replies.usage(), [client]))
  if (props.replies.length === 0) return null
  const mayEdit = props.title === 'own' || mayManage
  return (
    <section className="pb-8">
      <h2 className="pb-3 font-semibold">{t(`replies.canned.${props.title}`)}</h2>
      <Things>
        {props.replies.map((reply) => (
          <Thing
            key={reply.id}
            title={reply.title}
            text={[reply.shortcut === '' ? '' : `/${reply.shortcut} · `, reply.body].join('')}
          >
            <Used use={value?.rows.find((one) => one.reply === reply.id)} />
            {mayEdit && (
              <IconButton
                icon={Pencil}
                label={t('replies.canned.edit', { title: reply.title })}
                onPress={() => props.edit(reply)}
              />
            )}
          </Thing>
        ))}
      </Things>
    </section>
  )
}

/** How often a reply was sent, when last and by whom. */
function Used(props: { use: ReplyUse | undefined }) {
  const { t } = useTranslation()
  const moment = useMoment()
  const name = useActorName()
  const { use } = props
  if (use === undefined || use.last === null) {
    return <span className="text-small text-soft">{t('replies.canned.never')}</span>
  }
  const { at, by } = use.last
  return (
    <span
      className="figures text-small text-soft"
      title={t('replies.canned.last', { time: moment(at), who: name(by) })}
    >
      {t('replies.canned.used', { count: use.count })}
    </span>
  )
}
