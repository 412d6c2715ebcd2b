import type { TlsMaterial } from '../faces/kafka/listen.ts'
import type { Result } from '@fermata/base/result'
import type { BrokerRefusal } from '../broker/refusals.ts'
import type { Doorkeeper } from '../faces/kafka/identity.ts'
import type { Desk } from './desk.ts'
import type { WireFigures } from './figures.ts'
import type { GroupLag } from './lag.ts'
import type { Peeked, PeekOrder } from './peek.ts'
import type { PassedError } from './calls.ts'

/** Where and how Kafka's clients are let in. */
export interface KafkaEntrance {
  /** Addresses that share one port; those that the machine does not have are left out, but for the first. */
  readonly hosts: readonly string[]
  /** 0 takes one that is free. */
  readonly port: number
  /** Where clients are told to come; the address to which they have come where nothing is said. */
  readonly advertised?: { readonly host: string; readonly port: number }
  readonly tls?: TlsMaterial
  /** Whether somebody who does not say who they are is let in, with all rights. */
  readonly isAnonymousAllowed: boolean
}

/** What the wire is started with. */
export interface WireOptions {
  /** The folder of its log; made when it is needed. */
  readonly folder: string
  /** Whose topics the listener serves. */
  readonly workspace: string
  /** Absent: nobody is let in by this way. */
  readonly kafka?: KafkaEntrance
}

/** What the wire's thread can be asked. */
export interface WireCalls extends Desk {
  readonly peek: (order: PeekOrder) => Promise<Result<Peeked, BrokerRefusal>>
  /** The groups of a workspace, and how far behind they are. */
  readonly groups: (workspace: string) => Promise<readonly GroupLag[]>
  /** Opens what is there, and listens; answers the port. */
  readonly open: (options: WireOptions) => Promise<{ readonly kafkaPort: number | undefined }>
  /** Shows another certificate from now on. */
  readonly secure: (material: TlsMaterial) => Promise<void>
  /** What there is to know of it now; nothing where it was not opened yet. */
  readonly figures: (order: null) => Promise<WireFigures | undefined>
  /** Lets nobody in any more, finishes what has begun, and closes the log. */
  readonly stop: (order: null) => Promise<void>
}

/** What the wire's thread asks and tells. */
export interface HouseCalls extends Doorkeeper {
  /** The log cannot go on: nothing may be acknowledged any more. */
  readonly ended: (reason: string) => void
  /** Something broke that is nobody's doing. */
  readonly fault: (fault: { readonly what: string; readonly error: PassedError }) => void
}
