import { Check, Copy } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from './button.tsx'

/** Text that is there to be copied: a token, a secret, a piece of HTML. */
export function CopyBlock(props: { label: string; text: string }) {
  const { t } = useTranslation()
  const [isCopied, setCopied] = useState(false)
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(props.text)
    setCopied(true)
  }
  return (
    <div className="flex flex-wrap items-start justify-end gap-2">
      <pre
        role="group"
        aria-label={props.label}
        tabIndex={0}
        className="quiet-scroll min-w-0 grow basis-64 overflow-x-auto rounded-medium bg-press px-3 py-2 font-mono text-small leading-5 whitespace-pre-wrap break-all select-all"
      >
        {props.text}
      </pre>
      <Button icon={isCopied ? Check : Copy} onPress={() => void copy()}>
        <span role="status">{t(isCopied ? 'ui.copied' : 'ui.copy')}</span>
      </Button>
    </div>
  )
}
