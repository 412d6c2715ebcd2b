import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog as AriaDialog } from 'react-aria-components/Dialog'
import { Heading } from 'react-aria-components/Heading'
import { Modal, ModalOverlay } from 'react-aria-components/Modal'
import { IconButton } from './button.tsx'
import { classes } from './classes.ts'

const overlay =
  'appearing fixed inset-0 z-50 flex bg-shade h-(--visual-viewport-height) overflow-hidden'

/** What a dialog takes. Whoever shows it holds whether it is open. */
export interface DialogProps {
  title: string
  isOpen: boolean
  onClose(): void
  children: ReactNode
  /** The title is only for screen readers, where the content speaks for itself. */
  titleHidden?: boolean
  size?: 'small' | 'medium'
}

/** A window before everything else: in the middle, on a phone at the bottom. */
export function Dialog(props: DialogProps) {
  const { title, isOpen, onClose, children, titleHidden = false, size = 'small' } = props
  const { t } = useTranslation()
  return (
    <ModalOverlay
      isDismissable
      isOpen={isOpen}
      onOpenChange={(open) => !open && onClose()}
      className={classes(overlay, 'items-end justify-center sm:items-start sm:pt-[12vh]')}
    >
      <Modal
        className={classes(
          'rising quiet-scroll max-h-[90%] w-full overflow-y-auto bg-raised shadow-raised outline-none sm:max-h-[76vh]',
          'rounded-t-large sm:rounded-large sm:mx-4',
          size === 'small' ? 'sm:max-w-105' : 'sm:max-w-160',
        )}
      >
        <AriaDialog
          className="safe-bottom outline-none"
          {...(titleHidden ? { 'aria-label': title } : {})}
        >
          {!titleHidden && (
            <header className="flex items-center justify-between gap-4 ps-5 pe-3 pt-3">
              <Heading slot="title" className="text-lead font-semibold">
                {title}
              </Heading>
              <IconButton icon={X} label={t('ui.close')} onPress={onClose} />
            </header>
          )}
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  )
}

/** The part of a dialog that is not its title. */
export function DialogBody(props: { children: ReactNode }) {
  return <div className="flex flex-col gap-4 px-5 pt-3 pb-5">{props.children}</div>
}

/** A pane that does not fit beside the others slides in over them. */
export function Drawer(
  props: Omit<DialogProps, 'size' | 'titleHidden'> & { side: 'start' | 'end' },
) {
  return (
    <ModalOverlay
      isDismissable
      isOpen={props.isOpen}
      onOpenChange={(open) => !open && props.onClose()}
      className={classes(overlay, props.side === 'end' && 'justify-end')}
    >
      <Modal className="appearing h-full w-72 max-w-[86vw] bg-dim shadow-raised outline-none">
        <AriaDialog aria-label={props.title} className="flex h-full flex-col outline-none">
          {props.children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  )
}
