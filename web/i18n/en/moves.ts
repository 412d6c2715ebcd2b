/** Words about merging, splitting, and taking that back. */
export const moves = {
  merge: 'Merge…',
  mergeTitle: 'Merge into another conversation',
  mergeAbout:
    'All messages of this conversation move to the end of the one you choose. It can be taken back later.',
  others: 'Other conversations with {{name}}',
  none: 'There is no other conversation with this contact.',
  messages_one: '{{count}} message',
  messages_other: '{{count}} messages',
  split: 'Split from here…',
  splitTitle: 'Split into a new conversation',
  splitAbout:
    'This message and all after it move to a new conversation. It can be taken back later.',
  subject: 'What the new conversation is about',
  splitIt: 'Split',
  merged: 'Merged.',
  wasSplit: 'Split.',
  undone: 'Taken back.',
  undo: 'Take it back',
  open: 'Open the other',
} as const
