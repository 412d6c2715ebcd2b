import { isIP } from 'node:net'
import { ok, refused, type Result } from '@fermata/base/result'
import { option, readHost, readPort } from './config.option.ts'
import { isLoopback } from './http/address.ts'

/** Where and how Kafka's clients are let in. */
export interface KafkaConfig {
  /** The TCP port; 0 takes any that is free. */
  readonly port: number
  /** Whether somebody asked for this very port; else the server starts without it where it is taken. */
  readonly isPortNamed: boolean
  /** The address to listen on; null for both of this machine's own. */
  readonly host: string | null
  /** Where clients are told to come; null for the address to which they have come. */
  readonly advertised: { readonly host: string; readonly port: number } | null
  /** The files of a certificate and its key; null for no encryption. */
  readonly tls: { readonly certFile: string; readonly keyFile: string } | null
  /** Whether somebody who has not said who they are may do everything; never but on this machine's own addresses. */
  readonly isAnonymousAllowed: boolean
}

interface WishedPort {
  readonly port: number
  readonly isNamed: boolean
}

function readKafkaPort(text: string): Result<WishedPort | null, string> {
  if (text === 'off') return ok(null)
  const read = readPort(text)
  return read.ok
    ? ok({ port: read.value, isNamed: true })
    : refused('a port number from 0 to 65535, or off')
}

function readAdvertised(text: string): Result<KafkaConfig['advertised'], string> {
  const allowed = 'an address and a port, like kafka.example.com:9092'
  const [, bracketed, plain, digits = ''] = /^(?:\[(.+)\]|([^:]+)):([0-9]+)$/.exec(text) ?? []
  const host = bracketed ?? plain ?? ''
  const port = readPort(digits)
  const isHost = bracketed === undefined ? readHost(host).ok : isIP(host) === 6
  return isHost && port.ok && port.value > 0 ? ok({ host, port: port.value }) : refused(allowed)
}

function readFileName(text: string): Result<string | null, string> {
  return text.includes('\0') ? refused('the path of a file') : ok(text)
}

/** What can be set of it. */
export const kafkaOptions = {
  kafkaPort: option<WishedPort | null>({
    flag: 'kafka-port',
    variable: 'FERMATA_KAFKA_PORT',
    value: 'NUMBER',
    fallback: { port: 9092, isNamed: false },
    shown: '9092, unless it is taken',
    parse: readKafkaPort,
    help: "the port for Kafka's clients; 0 takes any that is free, off lets none in",
  }),
  kafkaHost: option<string | null>({
    flag: 'kafka-host',
    variable: 'FERMATA_KAFKA_HOST',
    value: 'ADDRESS',
    fallback: null,
    shown: '127.0.0.1 and ::1, this machine only',
    parse: readHost,
    help: 'the address for them; on any but this machine they must say who they are',
  }),
  kafkaAdvertised: option<KafkaConfig['advertised']>({
    flag: 'kafka-advertised',
    variable: 'FERMATA_KAFKA_ADVERTISED',
    value: 'HOST:PORT',
    fallback: null,
    shown: 'the address to which they have come',
    parse: readAdvertised,
    help: 'where they are told to come',
  }),
  kafkaCert: option<string | null>({
    flag: 'kafka-cert',
    variable: 'FERMATA_KAFKA_CERT',
    value: 'FILE',
    fallback: null,
    parse: readFileName,
    help: 'with the key: a certificate with its chain, as PEM; then they must speak TLS',
  }),
  kafkaKey: option<string | null>({
    flag: 'kafka-key',
    variable: 'FERMATA_KAFKA_KEY',
    value: 'FILE',
    fallback: null,
    parse: readFileName,
    help: 'the key of the certificate, as PEM',
  }),
  kafkaAnonymous: option<boolean | null>({
    flag: 'kafka-anonymous',
    variable: 'FERMATA_KAFKA_ANONYMOUS',
    value: 'on|off',
    fallback: null,
    shown: 'on where only this machine can come and is told to, off elsewhere',
    parse: (text) => (text === 'on' || text === 'off' ? ok(text === 'on') : refused('on or off')),
    help: 'whether who does not say who they are may do everything',
  }),
}

function isOwnHost(host: string): boolean {
  return host === 'localhost' || isLoopback(host)
}

/** Puts together what was set. */
export function kafkaOf(values: {
  readonly kafkaPort: WishedPort | null
  readonly kafkaHost: string | null
  readonly kafkaAdvertised: KafkaConfig['advertised']
  readonly kafkaCert: string | null
  readonly kafkaKey: string | null
  readonly kafkaAnonymous: boolean | null
}): Result<KafkaConfig | null, string> {
  const { kafkaPort, kafkaHost: host, kafkaCert, kafkaKey, kafkaAnonymous } = values
  if (kafkaPort === null) return ok(null)
  if ((kafkaCert === null) !== (kafkaKey === null)) {
    return refused('FERMATA_KAFKA_CERT and FERMATA_KAFKA_KEY belong together.')
  }
  const isOwn = host === null || isOwnHost(host)
  // Whoever is told to come to another address comes through something that stands there, and then anybody may.
  const isNear = values.kafkaAdvertised === null || isOwnHost(values.kafkaAdvertised.host)
  if (kafkaAnonymous === true && !isOwn) {
    return refused(
      "FERMATA_KAFKA_ANONYMOUS is wrong: where others than this machine can come, Kafka's clients must say who they are (SASL).",
    )
  }
  return ok({
    port: kafkaPort.port,
    isPortNamed: kafkaPort.isNamed,
    host,
    advertised: values.kafkaAdvertised,
    tls:
      kafkaCert === null || kafkaKey === null ? null : { certFile: kafkaCert, keyFile: kafkaKey },
    isAnonymousAllowed: kafkaAnonymous ?? (isOwn && isNear),
  })
}
