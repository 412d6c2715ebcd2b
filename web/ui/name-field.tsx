import { limits } from '@fermata/base/limits'
import { TextField, type TextFieldProps } from './field.tsx'

/** Asks what something or somebody is called. A fault of the field `name` is shown here. */
export function NameField(props: Omit<TextFieldProps, 'name' | 'isRequired' | 'maxLength'>) {
  return <TextField {...props} name="name" isRequired maxLength={limits.nameCharsMax} />
}
