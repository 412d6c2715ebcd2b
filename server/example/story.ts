import type { Urgency } from '@fermata/contract/words'

/** Who works in the sample shop. The first one owns it. */
export const people = {
  elena: { name: 'Elena Moretti', email: 'elena@argilla.example' },
  marco: { name: 'Marco Riva', email: 'marco@argilla.example' },
  giulia: { name: 'Giulia Ferri', email: 'giulia@argilla.example' },
} as const

/** Somebody who works there. */
export type Colleague = keyof typeof people

/** What is said and done, in hours before the moment that the story is told. */
export type Step = { readonly hoursAgo: number } & (
  | { readonly does: 'ask'; readonly text: string }
  | { readonly does: 'answer' | 'note'; readonly by: Colleague; readonly text: string }
  | { readonly does: 'sort'; readonly by: Colleague; readonly labels: readonly string[] }
  | { readonly does: 'rank'; readonly by: Colleague; readonly urgency: Urgency }
  | {
      readonly does: 'pause'
      /** Null: the customer. */
      readonly by: Colleague | null
      /** Hours from the moment that the story is told; null ends it by hand. */
      readonly untilHours: number | null
      readonly reason: string
    }
  | { readonly does: 'resolve' | 'reopen'; readonly by: Colleague }
)

/** A conversation with a customer, from its first word. */
export interface Talk {
  readonly customer: { readonly name: string; readonly email?: string }
  readonly subject: string
  readonly steps: readonly Step[]
}

/** The shop as it stands this morning: every state that a conversation can be in, once at least. */
export const talks: readonly Talk[] = [
  {
    customer: { name: 'Hanna Berg', email: 'hanna.berg@mail.example' },
    subject: 'A mug arrived broken',
    steps: [
      {
        hoursAgo: 0.9,
        does: 'ask',
        text: 'Good morning! My parcel came today and one of the four **Alba mugs** is broken. The handle is off. What do I do?',
      },
      { hoursAgo: 0.8, does: 'sort', by: 'marco', labels: ['breakage'] },
      { hoursAgo: 0.8, does: 'rank', by: 'marco', urgency: 'high' },
      {
        hoursAgo: 0.7,
        does: 'note',
        by: 'marco',
        text: 'Third one this month in the small boxes. I will ask the workshop for more straw.',
      },
    ],
  },
  {
    customer: { name: 'Tomas Novak' },
    subject: 'Is the Riva bowl safe in the oven?',
    steps: [
      { hoursAgo: 3.2, does: 'ask', text: 'Can I put the Riva bowl into the oven?' },
      {
        hoursAgo: 2.9,
        does: 'answer',
        by: 'giulia',
        text: 'Yes, up to 200 °C, if it goes in cold and warms up with the oven. Thermal shock is what cracks stoneware.',
      },
      { hoursAgo: 2.1, does: 'ask', text: 'And under the grill?' },
    ],
  },
  {
    customer: { name: 'Amélie Laurent', email: 'amelie@atelier.example' },
    subject: '60 plates for a restaurant',
    steps: [
      {
        hoursAgo: 50,
        does: 'ask',
        text: 'We open a small restaurant in May and would like 60 Luna plates in one colour. Is that possible, and by when?',
      },
      { hoursAgo: 49, does: 'sort', by: 'elena', labels: ['wholesale'] },
      {
        hoursAgo: 47,
        does: 'answer',
        by: 'elena',
        text: 'With pleasure. One kiln takes 24 plates, so we need three firings: about five weeks. May I send you two glaze samples first?',
      },
      {
        hoursAgo: 29,
        does: 'ask',
        text: 'Yes please, white and green. The address is on our site.',
      },
      {
        hoursAgo: 28,
        does: 'pause',
        by: 'elena',
        untilHours: 20,
        reason: 'The samples come out of the kiln tomorrow.',
      },
    ],
  },
  {
    customer: { name: 'Jonas Weber', email: 'jonas.weber@mail.example' },
    subject: 'Gift wrapping',
    steps: [
      { hoursAgo: 8, does: 'ask', text: 'Do you wrap gifts? It is for my mother.' },
      {
        hoursAgo: 7.6,
        does: 'answer',
        by: 'marco',
        text: 'We do, in linen and for nothing. Which piece shall it be?',
      },
      {
        hoursAgo: 7.5,
        does: 'pause',
        by: null,
        untilHours: null,
        reason: 'I will ask my sister first.',
      },
    ],
  },
  {
    customer: { name: 'Sofia Conti', email: 'sofia.conti@mail.example' },
    subject: 'Where is my parcel?',
    steps: [
      { hoursAgo: 75, does: 'ask', text: 'I ordered last Monday and have not heard a thing.' },
      {
        hoursAgo: 74,
        does: 'answer',
        by: 'giulia',
        text: 'It left on Thursday and is in Bologna today. It should be with you tomorrow.',
      },
      { hoursAgo: 49, does: 'ask', text: 'It is here. Thank you, it is beautiful!' },
      { hoursAgo: 48.5, does: 'resolve', by: 'giulia' },
    ],
  },
  {
    customer: { name: 'Peter Lindqvist' },
    subject: 'An invoice with our company name',
    steps: [
      { hoursAgo: 100, does: 'ask', text: 'Could I have the invoice with our company name on it?' },
      { hoursAgo: 98, does: 'answer', by: 'marco', text: 'Of course: it is in your mail.' },
      { hoursAgo: 97, does: 'resolve', by: 'marco' },
      {
        hoursAgo: 5.5,
        does: 'ask',
        text: 'Sorry, the VAT number is missing. It is SE556677889901.',
      },
      { hoursAgo: 5.2, does: 'sort', by: 'marco', labels: ['invoice'] },
    ],
  },
  {
    customer: { name: 'Visitor from Lyon' },
    subject: 'Are you open on Sunday?',
    steps: [
      {
        hoursAgo: 26,
        does: 'ask',
        text: 'We are at the lake this weekend. Are you open on Sunday?',
      },
      {
        hoursAgo: 25.5,
        does: 'answer',
        by: 'giulia',
        text: 'From ten to one, and there is coffee. Ring if the door is shut: somebody is at the wheel.',
      },
    ],
  },
]
