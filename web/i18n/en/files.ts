/** English: the files that travel with messages. */
export const files = {
  attach: 'Attach files',
  drop: 'Drop the files to attach them',
  attached: 'Attached files',
  files_one: '{{count}} file',
  files_other: '{{count}} files',
  tooMany: 'A message carries {{limit}} files at most.',
  waiting: 'Waiting',
  sending: '{{percent}}% of {{size}}',
  refused: 'Not attached: {{reason}}',
  missing: 'Choose this file again to go on',
  retry: 'Try {{name}} again',
  remove: 'Remove {{name}}',
  download: 'Download {{name}}',
  open: 'Open {{name}}',
  stillSending: 'Files are still on their way',
} as const
