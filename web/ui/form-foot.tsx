import { Button } from './button.tsx'

/** The end of a form that makes or changes something: on one side what removes it, where it is there to be removed. */
export function FormFoot(props: {
  submit: string
  isPending: boolean
  remove?: { text: string; isDisabled?: boolean; onPress: () => void } | null
}) {
  const { submit, isPending, remove = null } = props
  return (
    <div className="flex flex-wrap items-center justify-between gap-2">
      {remove === null ? (
        <span />
      ) : (
        <Button kind="quiet" isDisabled={remove.isDisabled ?? false} onPress={remove.onPress}>
          {remove.text}
        </Button>
      )}
      <Button type="submit" kind="primary" isPending={isPending}>
        {submit}
      </Button>
    </div>
  )
}
