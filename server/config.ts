import { isIP } from 'node:net'
import { limits } from '@fermata/base/limits'
import { ok, refused, type Result } from '@fermata/base/result'
import { kafkaOf, kafkaOptions, type KafkaConfig } from './config.kafka.ts'
import { option, readHost, readPort, type Option } from './config.option.ts'

/** What can be told to a server when it starts. Nothing else reads flags or variables. */
export interface Config {
  /** The TCP port; 0 takes any that is free. */
  readonly port: number
  readonly host: string
  /** The folder that holds the data; relative to where the server was started. */
  readonly data: string
  /** PostgreSQL instead of the embedded database. A secret. */
  readonly databaseUrl: string | null
  /** An S3 bucket for files instead of the data folder. Its secret is a secret. */
  readonly s3: {
    readonly bucketUrl: string
    readonly region: string
    readonly keyId: string
    readonly secret: string
  } | null
  /** Where people reach the server, as an origin: `https://chat.example.com`. */
  readonly publicUrl: string | null
  /** Makes workspace and owner at the first start. The password is a secret. */
  readonly owner: { readonly email: string; readonly password: string } | null
  /** Fills an empty server with a small sample workspace. */
  readonly example: boolean
  /** Addresses and networks whose X-Forwarded-For is believed. */
  readonly trustedProxies: readonly string[]
  /** Addresses and networks that may read /metrics, besides this machine. */
  readonly metricsFrom: readonly string[]
  /** Where Kafka's clients come in; null where they do not. */
  readonly kafka: KafkaConfig | null
}

/** What the command line asks for. */
export type Start =
  | { readonly kind: 'run'; readonly config: Config }
  | { readonly kind: 'print'; readonly text: string }

/** Accepts a text that a pattern fits. */
function fits(pattern: RegExp, allowed: string): (text: string) => Result<string | null, string> {
  return (text) => (pattern.test(text) ? ok(text) : refused(allowed))
}

function readOrigin(text: string): Result<string | null, string> {
  const allowed = 'a web address without a path, like https://chat.example.com'
  if (!URL.canParse(text)) return refused(allowed)
  const url = new URL(text)
  const isWeb = url.protocol === 'http:' || url.protocol === 'https:'
  return isWeb && url.href === `${url.origin}/` ? ok(url.origin) : refused(allowed)
}

function readDatabaseUrl(text: string): Result<string | null, string> {
  const isPostgres = /^postgres(ql)?:\/\//.test(text) && URL.canParse(text)
  return isPostgres ? ok(text) : refused('like postgres://user:password@host:5432/database')
}

function readBucket(text: string): Result<string | null, string> {
  const allowed = 'the address of a bucket, like https://s3.example.com/fermata-files'
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) return refused(allowed)
  const { search, hash, username, password } = new URL(text)
  return search + hash + username + password === '' ? ok(text) : refused(allowed)
}

function readPassword(text: string): Result<string | null, string> {
  const { passwordCharsMin: min, passwordCharsMax: max } = limits
  const fine = text.length >= min && text.length <= max
  return fine ? ok(text) : refused(`${min} to ${max} characters`)
}

function isNetwork(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/')
  const version = isIP(address)
  if (version === 0 || rest.length > 0) return false
  if (bits === undefined) return true
  return /^[0-9]{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128)
}

function readNetworks(text: string): Result<readonly string[], string> {
  const networks = text.split(',').map((part) => part.trim())
  return networks.every(isNetwork)
    ? ok(networks)
    : refused('IP addresses or networks with commas between, like 10.0.0.7, 192.168.0.0/16')
}

const none: readonly string[] = []

/** Everything that can be set. The help is made of this, and so is what is refused. */
const options = {
  port: option({
    flag: 'port',
    variable: 'FERMATA_PORT',
    value: 'NUMBER',
    fallback: 7300,
    shown: '7300',
    parse: readPort,
    help: 'the port to listen on; 0 takes any that is free',
  }),
  host: option({
    flag: 'host',
    variable: 'FERMATA_HOST',
    value: 'ADDRESS',
    fallback: '127.0.0.1',
    shown: '127.0.0.1, this machine only',
    parse: readHost,
    help: 'the address to listen on; 0.0.0.0 for every one',
  }),
  data: option({
    flag: 'data',
    variable: 'FERMATA_DATA',
    value: 'FOLDER',
    fallback: './data',
    shown: './data',
    parse: (text) => ok(text),
    help: 'the folder that holds everything; one server for each',
  }),
  databaseUrl: option<string | null>({
    variable: 'FERMATA_DATABASE_URL',
    value: 'URL',
    fallback: null,
    parse: readDatabaseUrl,
    help: 'a PostgreSQL database to use instead of the embedded one',
  }),
  s3Bucket: option<string | null>({
    variable: 'FERMATA_BUCKET_URL',
    value: 'URL',
    fallback: null,
    parse: readBucket,
    help: 'an S3 bucket for files instead of the data folder, and for nothing else',
  }),
  s3Region: option({
    variable: 'FERMATA_BUCKET_REGION',
    value: 'NAME',
    fallback: 'us-east-1',
    shown: 'us-east-1',
    parse: (text) =>
      /^[a-z0-9-]{1,40}$/.test(text) ? ok(text) : refused('a region, like eu-south-1'),
    help: 'the region of the bucket',
  }),
  s3KeyId: option<string | null>({
    variable: 'FERMATA_BUCKET_KEY_ID',
    value: 'ID',
    fallback: null,
    parse: fits(/^[!-~]{1,128}$/, 'an access key id'),
    help: 'with the bucket: the id of the access key',
  }),
  s3Secret: option<string | null>({
    variable: 'FERMATA_BUCKET_SECRET',
    value: 'SECRET',
    fallback: null,
    parse: fits(/^[!-~]{1,256}$/, 'a secret access key'),
    help: 'with the bucket: the secret of the access key',
  }),
  publicUrl: option<string | null>({
    variable: 'FERMATA_PUBLIC_URL',
    value: 'URL',
    fallback: null,
    parse: readOrigin,
    help: 'where people reach this server, like https://chat.example.com',
  }),
  ownerEmail: option<string | null>({
    variable: 'FERMATA_OWNER_EMAIL',
    value: 'EMAIL',
    fallback: null,
    parse: fits(/^[^\s@]{1,64}@[^\s@]{1,189}$/, 'an e-mail address'),
    help: 'with the password: makes workspace and owner at the first start',
  }),
  ownerPassword: option<string | null>({
    variable: 'FERMATA_OWNER_PASSWORD',
    value: 'PASSWORD',
    fallback: null,
    parse: readPassword,
    help: `the owner's first password, ${limits.passwordCharsMin} characters or more`,
  }),
  trustedProxies: option({
    variable: 'FERMATA_TRUSTED_PROXIES',
    value: 'ADDRESSES',
    fallback: none,
    parse: readNetworks,
    help: 'whose X-Forwarded-For is believed, with commas between',
  }),
  metricsFrom: option({
    variable: 'FERMATA_METRICS_FROM',
    value: 'ADDRESSES',
    fallback: none,
    parse: readNetworks,
    help: 'who may read /metrics besides this machine, with commas between',
  }),
  ...kafkaOptions,
  example: option({
    flag: 'example',
    fallback: false,
    parse: () => ok(true),
    help: 'fills an empty server with a small sample workspace',
  }),
}

type Options = typeof options
type OptionName = keyof Options
type Values = { -readonly [K in OptionName]: Options[K]['fallback'] }

const names = Object.keys(options) as OptionName[]
const optionOf = (name: OptionName): Option<unknown> => options[name]

function listed(words: readonly (string | undefined)[]): string {
  return words.filter((word) => word !== undefined).join(', ')
}

/** What `--help` prints: every option with its variable, its value and what it falls back to. */
export function helpText(): string {
  const lines = names.map((name) => {
    const { flag, variable, value, shown, help } = optionOf(name)
    const head = [
      flag === undefined ? undefined : `--${flag}${value === undefined ? '' : ` ${value}`}`,
      variable === undefined ? undefined : `${variable}=${value ?? ''}`,
    ]
    return `  ${listed(head)}\n      ${help}${shown === undefined ? '' : ` (${shown})`}`
  })
  return [
    'Fermata: asynchronous messaging between people, customers and programs.',
    '',
    'usage: npm start -- [options]',
    '',
    ...lines,
    '  --help\n      prints this',
    '  --version\n      prints the version',
  ].join('\n')
}

/** The flags in the order given, as pairs of option and text, or what is wrong with them. */
function readFlags(argv: readonly string[]): Result<[OptionName, string][], string> {
  const given: [OptionName, string][] = []
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i]!
    const [head = '', ...tail] = word.split('=')
    const name = names.find((one) => `--${optionOf(one).flag}` === head)
    if (name === undefined) {
      const flags = names.map((one) => optionOf(one).flag).filter((flag) => flag !== undefined)
      const known = [...flags, 'help', 'version'].map((flag) => `--${flag}`)
      return refused(`Unknown flag ${head}. There are: ${listed(known)}.`)
    }
    if (optionOf(name).value === undefined) {
      if (tail.length > 0) return refused(`${head} takes no value.`)
      given.push([name, ''])
    } else if (tail.length > 0) {
      given.push([name, tail.join('=')])
    } else {
      i += 1
      if (argv[i] === undefined) return refused(`${head} needs a value.`)
      given.push([name, argv[i]!])
    }
  }
  return ok(given)
}

/** Reads one value into `values`; the refusal names the flag or variable and never its text. */
function take(values: Values, name: OptionName, from: string, text: string): string | undefined {
  const read = optionOf(name).parse(text)
  if (!read.ok) return `${from} is wrong: it must be ${read.refusal}.`
  Object.assign(values, { [name]: read.value })
  return undefined
}

function ownerOf({
  ownerEmail: email,
  ownerPassword: password,
}: Values): Result<Config['owner'], string> {
  if (email === null && password === null) return ok(null)
  return email === null || password === null
    ? refused('FERMATA_OWNER_EMAIL and FERMATA_OWNER_PASSWORD belong together.')
    : ok({ email, password })
}

function s3Of(values: Values): Result<Config['s3'], string> {
  const { s3Bucket: bucketUrl, s3Region: region, s3KeyId: keyId, s3Secret: secret } = values
  if (bucketUrl === null && keyId === null && secret === null) return ok(null)
  return bucketUrl === null || keyId === null || secret === null
    ? refused(
        'FERMATA_BUCKET_URL, FERMATA_BUCKET_KEY_ID and FERMATA_BUCKET_SECRET belong together.',
      )
    : ok({ bucketUrl, region, keyId, secret })
}

function configOf(values: Values): Result<Start, string> {
  const owner = ownerOf(values)
  if (!owner.ok) return owner
  const s3 = s3Of(values)
  if (!s3.ok) return s3
  const kafka = kafkaOf(values)
  if (!kafka.ok) return kafka
  const { port, host, data, databaseUrl, publicUrl, example } = values
  const { trustedProxies, metricsFrom } = values
  const rest = { port, host, data, databaseUrl, publicUrl, example, trustedProxies, metricsFrom }
  return ok({
    kind: 'run',
    config: { ...rest, owner: owner.value, s3: s3.value, kafka: kafka.value },
  })
}

/**
 * Reads the command line and the environment. Refuses by name, in one sentence, whatever is unknown
 * or wrong, and never repeats a value, which might be a secret. An empty variable counts as absent.
 */
export function parseConfig(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  version: string,
): Result<Start, string> {
  if (argv.includes('--help')) return ok({ kind: 'print', text: helpText() })
  if (argv.includes('--version')) return ok({ kind: 'print', text: version })
  const values = Object.fromEntries(names.map((name) => [name, options[name].fallback])) as Values

  for (const variable of Object.keys(env).toSorted()) {
    if (!variable.startsWith('FERMATA_')) continue
    const name = names.find((one) => optionOf(one).variable === variable)
    if (name === undefined) {
      const known = listed(names.map((one) => optionOf(one).variable))
      return refused(`Unknown variable ${variable}. There are: ${known}.`)
    }
    const text = env[variable] ?? ''
    const wrong = text === '' ? undefined : take(values, name, variable, text)
    if (wrong !== undefined) return refused(wrong)
  }

  const flags = readFlags(argv)
  if (!flags.ok) return flags
  for (const [name, text] of flags.value) {
    const wrong = take(values, name, `--${optionOf(name).flag}`, text)
    if (wrong !== undefined) return refused(wrong)
  }
  return configOf(values)
}
