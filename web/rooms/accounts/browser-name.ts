/** What a browser is called, and on what it runs; empty where it does not say. */
export interface BrowserName {
  readonly browser: string
  readonly system: string
}

/** Names as browsers put them into their user agent, the most telling first. */
const browsers: readonly (readonly [RegExp, string])[] = [
  [/\bEdgA?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bFirefox\/|\bFxiOS\//, 'Firefox'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\b(?:Headless)?Chrome\/|\bCriOS\//, 'Chrome'],
  [/\bVersion\/.*\bSafari\//, 'Safari'],
]

const systems: readonly (readonly [RegExp, string])[] = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b|\bMacintosh\b/, 'macOS'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
]

/** The browser and the system that a user agent speaks of. */
export function browserName(agent: string): BrowserName {
  const find = (names: typeof browsers): string =>
    names.find(([sign]) => sign.test(agent))?.[1] ?? ''
  return { browser: find(browsers), system: find(systems) }
}
