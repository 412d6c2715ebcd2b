/** What a unit of time is counted in. */
export type Unit = 'minutes' | 'hours' | 'days' | 'weeks' | 'months'

/** The words of one language for a time ahead; lower case and without accents. */
export interface LaterWords {
  /** Said without changing anything: "at", "alle". */
  readonly fillers: readonly string[]
  /** "next": of a weekday, a week, a month. */
  readonly next: readonly string[]
  /** Before the number of a day of the month: "the 12th" is told by its ending instead. */
  readonly dayMarks: readonly string[]
  readonly ordinals: readonly string[]
  /** Words that are numbers: "an hour", "mezz'ora". */
  readonly numbers: Readonly<Record<string, number>>
  readonly units: Readonly<Record<string, Unit>>
  /** Days counted from today, perhaps with an hour of their own. */
  readonly days: Readonly<Record<string, { readonly days: number; readonly hour?: number }>>
  readonly hours: Readonly<Record<string, number>>
  readonly weekend: readonly string[]
  /** From Monday. */
  readonly weekdays: readonly string[]
  readonly months: readonly string[]
  /** Whether "3/11" is the 3rd of November. */
  readonly dayFirst: boolean
}

const english: LaterWords = {
  fillers: [
    'in',
    'at',
    'on',
    'by',
    'until',
    'till',
    'for',
    'this',
    'the',
    'of',
    'and',
    'from',
    'now',
  ],
  next: ['next', 'coming'],
  dayMarks: [],
  ordinals: ['st', 'nd', 'rd', 'th'],
  numbers: { a: 1, an: 1, one: 1, two: 2, three: 3, four: 4, five: 5, half: 0.5 },
  units: {
    m: 'minutes',
    min: 'minutes',
    mins: 'minutes',
    minute: 'minutes',
    minutes: 'minutes',
    h: 'hours',
    hr: 'hours',
    hrs: 'hours',
    hour: 'hours',
    hours: 'hours',
    d: 'days',
    day: 'days',
    days: 'days',
    w: 'weeks',
    wk: 'weeks',
    week: 'weeks',
    weeks: 'weeks',
    mo: 'months',
    month: 'months',
    months: 'months',
  },
  days: {
    today: { days: 0 },
    tonight: { days: 0, hour: 20 },
    tomorrow: { days: 1 },
    tmrw: { days: 1 },
    overmorrow: { days: 2 },
  },
  hours: { morning: 9, noon: 12, midday: 12, afternoon: 14, evening: 18, night: 20, midnight: 24 },
  weekend: ['weekend'],
  weekdays: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'],
  months: [
    'january',
    'february',
    'march',
    'april',
    'may',
    'june',
    'july',
    'august',
    'september',
    'october',
    'november',
    'december',
  ],
  dayFirst: true,
}

const italian: LaterWords = {
  fillers: [
    'tra',
    'fra',
    'alle',
    'alla',
    'all',
    'di',
    'a',
    'per',
    'fino',
    'al',
    'questo',
    'questa',
    'e',
    'ore',
    'nel',
    'la',
    'il',
  ],
  next: ['prossimo', 'prossima', 'prox'],
  dayMarks: ['il', 'l'],
  ordinals: ['o'],
  numbers: { un: 1, una: 1, uno: 1, due: 2, tre: 3, quattro: 4, cinque: 5, mezz: 0.5, mezza: 0.5 },
  units: {
    m: 'minutes',
    min: 'minutes',
    minuto: 'minutes',
    minuti: 'minutes',
    h: 'hours',
    ora: 'hours',
    ore: 'hours',
    g: 'days',
    gg: 'days',
    giorno: 'days',
    giorni: 'days',
    sett: 'weeks',
    settimana: 'weeks',
    settimane: 'weeks',
    mese: 'months',
    mesi: 'months',
  },
  days: {
    oggi: { days: 0 },
    stasera: { days: 0, hour: 20 },
    stanotte: { days: 0, hour: 23 },
    domani: { days: 1 },
    domattina: { days: 1, hour: 9 },
    dopodomani: { days: 2 },
  },
  hours: {
    mattina: 9,
    mattino: 9,
    mezzogiorno: 12,
    pomeriggio: 14,
    sera: 18,
    notte: 20,
    mezzanotte: 24,
  },
  weekend: ['weekend'],
  weekdays: ['lunedi', 'martedi', 'mercoledi', 'giovedi', 'venerdi', 'sabato', 'domenica'],
  months: [
    'gennaio',
    'febbraio',
    'marzo',
    'aprile',
    'maggio',
    'giugno',
    'luglio',
    'agosto',
    'settembre',
    'ottobre',
    'novembre',
    'dicembre',
  ],
  dayFirst: true,
}

/** The words for a locale such as `en-US` or `it`; English where a language has none. */
export function laterWords(locale: string): LaterWords {
  if (locale.startsWith('it')) return italian
  return locale === 'en-US' ? { ...english, dayFirst: false } : english
}
