import { useTranslation } from 'react-i18next'
import { limits } from '@fermata/base/limits'
import { TextField, type TextFieldProps } from '../../ui/field.tsx'

/** What differs where somebody chooses a password. */
type NewPasswordFieldProps = Pick<TextFieldProps, 'autoFocus' | 'value' | 'onChange'> & {
  label?: string
}

/** Where somebody chooses their own password; the browser may suggest one. */
export function NewPasswordField(props: NewPasswordFieldProps) {
  const { t } = useTranslation()
  return (
    <TextField
      label={t('accounts.password')}
      {...props}
      name="password"
      type="password"
      isRequired
      autoComplete="new-password"
      minLength={limits.passwordCharsMin}
      maxLength={limits.passwordCharsMax}
      help={t('accounts.passwordHelp', { count: limits.passwordCharsMin })}
    />
  )
}
