import { chromium, type Browser } from 'playwright-core'
import { need } from './needs.ts'

/** Whether there is a browser here; for the options of a test. */
export const chromiumHere = need('chromium')

/** What keeps Chromium from talking to anybody but the test, and lets it run as root. */
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Starts a browser without a screen. Whoever starts it closes it. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: chromiumHere.path, args: flags })
}
