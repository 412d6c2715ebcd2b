import type { Clock } from '@fermata/base/clock'
import { limits } from '@fermata/base/limits'

/** Who asks too often waits for a turn, and nobody else does. */
export interface Pace {
  /** Resolves when whoever has this name may ask. */
  turn(name: string): Promise<void>
  /** Lets go of those who have not asked for a while; to be called now and then. */
  forget(): void
}

interface Asked {
  /** How often they may ask at once; below zero for those who wait. */
  left: number
  readMs: number
}

/** Nobody waits for longer: by then they are told to go. */
const waitMsMax = limits.kafkaStrangerMsMax

/** Nobody has asked yet: so often each may at once, and then so often a second. */
export function openPace(
  clock: Clock,
  { atOnce, perSecond }: { readonly atOnce: number; readonly perSecond: number },
): Pace {
  const known = new Map<string, Asked>()
  const leftOf = ({ left, readMs }: Asked): number =>
    Math.min(atOnce, left + ((clock.monotonic() - readMs) * perSecond) / 1_000)
  return {
    async turn(name) {
      const asked = known.get(name) ?? { left: atOnce, readMs: clock.monotonic() }
      known.set(name, asked)
      asked.left = Math.max(leftOf(asked) - 1, (-waitMsMax * perSecond) / 1_000)
      asked.readMs = clock.monotonic()
      const waitMs = (-asked.left * 1_000) / perSecond
      if (waitMs > 0) await new Promise<void>((go) => clock.after(waitMs, go))
    },
    forget() {
      for (const [name, asked] of known) if (leftOf(asked) >= atOnce) known.delete(name)
    },
  }
}
