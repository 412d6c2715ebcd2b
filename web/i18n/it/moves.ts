/** Italian: merging, splitting, and taking that back. */
export const moves = {
  merge: 'Unisci…',
  mergeTitle: "Unisci a un'altra conversazione",
  mergeAbout:
    'Tutti i messaggi di questa conversazione passano in fondo a quella che scegli. Si può annullare anche più tardi.',
  others: 'Altre conversazioni con {{name}}',
  none: "Non c'è nessun'altra conversazione con questo contatto.",
  messages_one: '{{count}} messaggio',
  messages_other: '{{count}} messaggi',
  split: 'Dividi da qui…',
  splitTitle: 'Dividi in una nuova conversazione',
  splitAbout:
    'Questo messaggio e tutti i successivi passano in una nuova conversazione. Si può annullare anche più tardi.',
  subject: 'Di che cosa tratta la nuova conversazione',
  splitIt: 'Dividi',
  merged: 'Unita.',
  wasSplit: 'Divisa.',
  undone: 'Annullato.',
  undo: 'Annulla',
  open: "Apri l'altra",
} as const
