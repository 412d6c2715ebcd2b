/** Italiano: parole preparate, e parole che non chiedono risposta. */
export const replies = {
  smallTalk: {
    title: 'Convenevoli',
    lead: 'Un messaggio del cliente di al massimo sei di queste parole, tutte di una lingua, senza punto interrogativo, non interrompe una pausa e non chiede risposta. Lo vedono comunque tutti.',
    list: 'Le parole di {{language}}',
    all: 'Ogni lingua',
    words: 'Parole',
    wordsHelp:
      'Separate da spazi. Le maiuscole non contano. Nessuna: in questa lingua niente è un convenevole.',
    count_one: 'Una parola',
    count_other: '{{count}} parole',
    own: 'cambiate qui',
    add: 'Aggiungi una lingua',
    language: 'Lingua',
    reset: 'Torna alle parole consuete',
    saved: 'Le parole sono salvate.',
    try: 'Prova',
    tryHelp: 'Ciò che potrebbe scrivere un cliente.',
    isSmall: 'Un convenevole: la pausa resta.',
    isMore: 'Qualcosa di più: sveglia la conversazione.',
  },
} as const
