/** Italian: the files that travel with messages. */
export const files = {
  attach: 'Allega file',
  drop: 'Lascia qui i file per allegarli',
  attached: 'File allegati',
  files_one: '{{count}} file',
  files_other: '{{count}} file',
  tooMany: 'Un messaggio può portare al massimo {{limit}} file.',
  waiting: 'In attesa',
  sending: '{{percent}}% di {{size}}',
  refused: 'Non allegato: {{reason}}',
  missing: 'Scegli di nuovo questo file per continuare',
  retry: 'Riprova con {{name}}',
  remove: 'Togli {{name}}',
  download: 'Scarica {{name}}',
  open: 'Apri {{name}}',
  stillSending: 'I file sono ancora in viaggio',
} as const
