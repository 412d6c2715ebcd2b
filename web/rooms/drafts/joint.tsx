import { Users } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { limits } from '@fermata/base/limits'
import { ok } from '@fermata/base/result'
import type { DraftView } from '@fermata/contract/drafts.schema'
import { tried } from '../../state/trouble.ts'
import { useAskModel, useMay, useModel, useSession } from '../../state/use-session.tsx'
import { useTroubleText } from '../../state/use-trouble.ts'
import { Button } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { useEnvironment } from '../../ui/environment.tsx'
import { TextField } from '../../ui/field.tsx'
import { Prose } from '../../ui/prose.tsx'
import { Age } from '../../ui/time/time.tsx'
import { useNotices } from '../../ui/toast.tsx'
import { useActorName } from '../contacts/names.ts'
import { DraftSync } from './draft-sync.ts'

/** The draft that all share who answer in a conversation: who writes it, and what can be done with it. */
export function JointDraft(props: { conversation: DraftView['conversation'] }) {
  const { conversation } = props
  const { t } = useTranslation()
  const draft = useModel((model) => model.state.shared[conversation])
  const me = useModel((model) => model.state.me)
  const mayWrite = useMay('conversations:write')
  const name = useActorName()
  const [isWriting, setWriting] = useState(false)
  const acts = useSharedActs(draft)
  if (draft === undefined) return null
  const isMine = draft.by.id === me
  // Whoever takes it over while I write has it from then on.
  const isHere = isWriting && isMine
  return (
    <section
      aria-label={t('drafts.shared.title')}
      className={classes(
        'mb-2 rounded-large px-3 py-2 ring-1 ring-inset',
        draft.kind === 'note' ? 'bg-note ring-note-line/50' : 'bg-dim ring-line',
      )}
    >
      <p className="flex items-center gap-1.5 pb-1 text-small font-medium text-soft">
        <Users aria-hidden size={14} className="shrink-0" />
        <span className="min-w-0 grow truncate">
          {t('drafts.shared.by', { name: name(draft.by.id) })} · <Age at={draft.at} />
        </span>
      </p>
      {isHere ? (
        <SharedField draft={draft} />
      ) : (
        <div className="quiet-scroll max-h-40 overflow-y-auto">
          <Prose text={draft.text} />
        </div>
      )}
      {mayWrite && (
        <div className="-mx-3 flex flex-wrap gap-1 pt-1">
          {isHere ? (
            <Button kind="quiet" onPress={() => setWriting(false)}>
              {t('drafts.shared.stop')}
            </Button>
          ) : (
            <Button
              kind="quiet"
              onPress={() => {
                setWriting(true)
                if (!isMine) void acts.take()
              }}
            >
              {t(isMine ? 'drafts.edit' : 'drafts.shared.take')}
            </Button>
          )}
          <Button kind="quiet" onPress={() => void acts.send()}>
            {t('drafts.sendNow')}
          </Button>
          <Button kind="quiet" onPress={() => void acts.remove()}>
            {t('drafts.remove')}
          </Button>
        </div>
      )}
    </section>
  )
}

/** What can be done with a shared draft; what is refused is said in passing. */
function useSharedActs(draft: DraftView | undefined) {
  const { client } = useSession()
  const notices = useNotices()
  const troubleText = useTroubleText()
  const askModel = useAskModel()
  const told = (result: Awaited<ReturnType<typeof tried>>): void => {
    if (!result.ok) notices.say({ kind: 'failed', text: troubleText(result.refusal) })
  }
  const { conversation = 'cnv_', kind = 'reply', text = '', version = 0 } = draft ?? {}
  const params = { conversation }
  return {
    async take() {
      const body = { kind, text, version, take: true } as const
      told(await tried(() => client.drafts.putShared({ params, body })))
    },
    async send() {
      const row = askModel().state.rows[conversation]
      const upon = kind === 'note' || row === undefined ? {} : { token: row.token }
      const body = { client: client.newId(), version, ...upon }
      told(await tried(() => client.drafts.sendShared({ params, body })))
    },
    async remove() {
      told(await tried(() => client.drafts.removeShared({ params, query: { version } })))
    },
  }
}

/** Where the shared draft is written; colleagues see it as it grows. */
function SharedField(props: { draft: DraftView }) {
  const { draft } = props
  const { t } = useTranslation()
  const { client } = useSession()
  const { clock } = useEnvironment()
  const [text, setText] = useState(draft.text)
  const { conversation, kind } = draft
  const sync = useRef<DraftSync | null>(null)
  const begun = useRef(draft)
  useEffect(() => {
    const params = { conversation }
    const made = new DraftSync({
      clock,
      base: begun.current,
      words: begun.current,
      put: async ({ kind: ofKind, text: words, version }) => {
        const body = { kind: ofKind, text: words, version }
        const kept = await tried(() => client.drafts.putShared({ params, body }))
        return kept.ok ? ok<DraftView>(kept.value.draft) : kept
      },
      // A shared draft goes by its own button, never by being emptied.
      remove: async () => ok(undefined),
      keep: () => {},
      adopt: (words) => setText(words.text),
      ask: () => {},
    })
    sync.current = made
    return () => made.leave()
  }, [client, clock, conversation])
  useEffect(() => sync.current?.told(draft), [draft])
  return (
    <TextField
      autoFocus
      label={t('drafts.shared.title')}
      labelHidden
      rows={4}
      maxLength={limits.messageTextCharsMax}
      value={text}
      onChange={(words) => {
        setText(words)
        sync.current?.typed({ kind, text: words })
      }}
    />
  )
}
