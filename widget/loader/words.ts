/** What the launcher says. The frame has a dictionary of its own. */
export interface LoaderWords {
  readonly open: string
  readonly close: string
  readonly title: string
  /** One new answer, and many. */
  readonly answer: string
  readonly answers: string
  readonly silent: string
}

export const loaderWords: Readonly<Record<'en' | 'it', LoaderWords>> = {
  en: {
    open: 'Open the chat',
    close: 'Close the chat',
    title: 'Chat',
    answer: 'new answer',
    answers: 'new answers',
    silent: 'The chat does not answer. Close it and open it again in a while.',
  },
  it: {
    open: 'Apri la chat',
    close: 'Chiudi la chat',
    title: 'Chat',
    answer: 'nuova risposta',
    answers: 'nuove risposte',
    silent: 'La chat non risponde. Chiudila e riaprila tra poco.',
  },
}

/** The words for a language tag such as `it-CH`; English when there are none. */
export function wordsFor(language: string): LoaderWords {
  return loaderWords[/^it\b/i.test(language) ? 'it' : 'en']
}
