/** English: prepared words, and words that need no answer. */
export const replies = {
  smallTalk: {
    title: 'Small talk',
    lead: 'A customer’s message of at most six of these words, all of one language, without a question mark, ends no pause and asks for no answer. Everybody sees it all the same.',
    list: 'The words of {{language}}',
    all: 'Every language',
    words: 'Words',
    wordsHelp:
      'With a space between them. Capitals do not matter. None: nothing in this language is small talk.',
    count_one: 'One word',
    count_other: '{{count}} words',
    own: 'changed here',
    add: 'Add a language',
    language: 'Language',
    reset: 'Back to the usual words',
    saved: 'The words are kept.',
    try: 'Try it',
    tryHelp: 'What a customer might write.',
    isSmall: 'Small talk: the pause holds.',
    isMore: 'More than that: it wakes the conversation.',
  },
} as const
