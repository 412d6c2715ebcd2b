import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { everyLanguage } from '@fermata/contract/small-talk'

/** Languages that are offered beside those that have a list. */
export const languageCodes: readonly string[] =
  'ar bg bn ca cs da el et eu fa fi gl he hi hr hu id is ja ko lt lv ms nb pl ro ru sk sl sq sr sv th tr uk ur vi zh'.split(
    ' ',
  )

/** What a language is called in the language of the screen. */
export function useLanguageName(): (code: string) => string {
  const { t, i18n } = useTranslation()
  return useCallback(
    (code) => {
      if (code === everyLanguage) return t('replies.smallTalk.all')
      const name = new Intl.DisplayNames([i18n.language], { type: 'language' }).of(code) ?? code
      return name.slice(0, 1).toLocaleUpperCase(i18n.language) + name.slice(1)
    },
    [t, i18n.language],
  )
}
