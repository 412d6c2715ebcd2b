import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseConfig, type Config } from './config.ts'

const run = (argv: string[], env: Record<string, string> = {}): Config => {
  const read = parseConfig(argv, env, '1.2.3')
  assert.ok(read.ok, read.ok ? '' : read.refusal)
  assert.equal(read.value.kind, 'run')
  return (read.value as { config: Config }).config
}

const refusalOf = (argv: string[], env: Record<string, string> = {}): string => {
  const read = parseConfig(argv, env, '1.2.3')
  assert.equal(read.ok, false)
  return read.ok ? '' : read.refusal
}

test('without a word it listens on this machine only and keeps its data beside it', () => {
  assert.deepEqual(run([]), {
    port: 7300,
    host: '127.0.0.1',
    data: './data',
    databaseUrl: null,
    publicUrl: null,
    s3: null,
    owner: null,
    example: false,
    trustedProxies: [],
    metricsFrom: [],
    kafka: {
      port: 9092,
      isPortNamed: false,
      host: null,
      advertised: null,
      tls: null,
      isAnonymousAllowed: true,
    },
  })
})

test("Kafka's clients come in where they are told to, and say who they are if others may come", () => {
  assert.equal(run(['--kafka-port', 'off']).kafka, null)
  assert.equal(run(['--kafka-port', '9093']).kafka?.isPortNamed, true)
  for (const host of ['127.0.0.1', '::1', 'localhost']) {
    assert.equal(run(['--kafka-host', host]).kafka?.isAnonymousAllowed, true)
  }
  const closed = run([], { FERMATA_KAFKA_ANONYMOUS: 'off' })
  assert.equal(closed.kafka?.isAnonymousAllowed, false)
  const open = ['--kafka-host', '0.0.0.0']
  assert.equal(run(open).kafka?.isAnonymousAllowed, false)
  assert.match(refusalOf([...open, '--kafka-anonymous', 'on']), /must say who they are/)
  assert.match(refusalOf(['--kafka-cert', 'c.pem']), /belong together/)
  const there = run(['--kafka-advertised', '[fd00::1]:9092']).kafka?.advertised
  assert.deepEqual(there, { host: 'fd00::1', port: 9092 })
  // Something at that address passes on to us whoever comes to it.
  const told = (host: string) => run(['--kafka-advertised', `${host}:9092`]).kafka
  assert.equal(told('kafka.example.com')?.isAnonymousAllowed, false)
  assert.equal(told('localhost')?.isAnonymousAllowed, true)
  const wished = ['--kafka-advertised', 'kafka.example.com:9092', '--kafka-anonymous', 'on']
  assert.equal(run(wished).kafka?.isAnonymousAllowed, true)
})

test('a flag wins over its variable, with a space or an equals sign', () => {
  assert.equal(run([], { FERMATA_PORT: '80' }).port, 80)
  assert.equal(run(['--port', '81'], { FERMATA_PORT: '80' }).port, 81)
  assert.equal(run(['--port=82'], { FERMATA_PORT: '80' }).port, 82)
  assert.equal(run(['--data=a=b']).data, 'a=b')
  assert.equal(run(['--example']).example, true)
})

test('variables of others are left alone, and an empty one of ours counts as absent', () => {
  assert.equal(run([], { HOME: '/root', FERMATA_PORT: '' }).port, 7300)
})

test('what is unknown is refused by name, with what there is', () => {
  assert.match(refusalOf(['--prot', '80']), /^Unknown flag --prot\. There are: --port, --host,/)
  assert.match(refusalOf(['80']), /^Unknown flag 80\./)
  assert.match(refusalOf([], { FERMATA_PROT: '80' }), /^Unknown variable FERMATA_PROT\..*_PORT/)
  assert.match(refusalOf(['--database-url', 'x']), /^Unknown flag --database-url\./)
})

test('a wrong value is refused by the name of what carried it, and never repeated', () => {
  const wrong: [string[], Record<string, string>, RegExp][] = [
    [['--port', '65536'], {}, /^--port is wrong: .*65535/],
    [['--port', '-1'], {}, /^--port is wrong/],
    [['--port'], {}, /^--port needs a value/],
    [['--example=yes'], {}, /^--example takes no value/],
    [['--host', 'a b'], {}, /^--host is wrong: .*host name/],
    [['--kafka-port', 'on'], {}, /^--kafka-port is wrong: .*off/],
    [['--kafka-advertised', 'here'], {}, /^--kafka-advertised is wrong: .*port/],
    [[], { FERMATA_PUBLIC_URL: 'https://x.example/chat' }, /^FERMATA_PUBLIC_URL is wrong: .*path/],
    [[], { FERMATA_PUBLIC_URL: 'ftp://x.example' }, /^FERMATA_PUBLIC_URL is wrong/],
    [[], { FERMATA_DATABASE_URL: 'mysql://u:hush@h/d' }, /^FERMATA_DATABASE_URL is wrong/],
    [[], { FERMATA_OWNER_EMAIL: 'nobody' }, /^FERMATA_OWNER_EMAIL is wrong/],
    [[], { FERMATA_OWNER_PASSWORD: 'hush' }, /^FERMATA_OWNER_PASSWORD is wrong: .*10/],
    [[], { FERMATA_TRUSTED_PROXIES: '10.0.0.1, proxy' }, /^FERMATA_TRUSTED_PROXIES is wrong/],
    [[], { FERMATA_METRICS_FROM: '10.0.0.0/33' }, /^FERMATA_METRICS_FROM is wrong/],
  ]
  for (const [argv, env, pattern] of wrong) {
    const refusal = refusalOf(argv, env)
    assert.match(refusal, pattern)
    assert.doesNotMatch(refusal, /hush/)
  }
})

test('the owner needs both an e-mail address and a password', () => {
  const email = { FERMATA_OWNER_EMAIL: 'ada@example.com' }
  const password = { FERMATA_OWNER_PASSWORD: 'a long password' }
  assert.match(refusalOf([], email), /belong together/)
  assert.match(refusalOf([], password), /belong together/)
  const owner = { email: 'ada@example.com', password: 'a long password' }
  assert.deepEqual(run([], { ...email, ...password }).owner, owner)
})

test('addresses and networks come as a list', () => {
  const config = run([], { FERMATA_TRUSTED_PROXIES: '10.0.0.1, fd00::/8' })
  assert.deepEqual(config.trustedProxies, ['10.0.0.1', 'fd00::/8'])
})

test('the help names every flag and every variable, and the version is printed bare', () => {
  const help = parseConfig(['--port', 'wrong', '--help'], {}, '1.2.3')
  assert.ok(help.ok && help.value.kind === 'print')
  for (const word of ['--port NUMBER', '--host', '--data', '--example', '--help', '--version']) {
    assert.ok(help.value.text.includes(word), word)
  }
  for (const word of ['DATABASE_URL', 'PUBLIC_URL', 'OWNER_EMAIL', 'OWNER_PASSWORD', 'PROXIES']) {
    assert.ok(help.value.text.includes(word), word)
  }
  const version = parseConfig(['--version'], {}, '1.2.3')
  assert.deepEqual(version, { ok: true, value: { kind: 'print', text: '1.2.3' } })
})

test('a bucket for files is told as a whole or not at all, and never with a secret in its address', () => {
  const env = {
    FERMATA_BUCKET_URL: 'https://s3.example.com/files',
    FERMATA_BUCKET_KEY_ID: 'AKIA',
    FERMATA_BUCKET_SECRET: 'hush',
  }
  const whole = parseConfig([], env, '0')
  assert.ok(whole.ok && whole.value.kind === 'run')
  const { FERMATA_BUCKET_URL: bucketUrl } = env
  const s3 = { bucketUrl, region: 'us-east-1', keyId: 'AKIA', secret: 'hush' }
  assert.deepEqual(whole.value.config.s3, s3)
  for (const name of Object.keys(env)) {
    const part = parseConfig([], { ...env, [name]: '' }, '0')
    assert.ok(!part.ok && part.refusal.includes('belong together'))
    assert.ok(!part.refusal.includes('hush'))
  }
  for (const url of [
    's3://files',
    'https://a:b@s3.example.com/x',
    'https://s3.example.com/x?y=1',
  ]) {
    assert.equal(parseConfig([], { ...env, FERMATA_BUCKET_URL: url }, '0').ok, false, url)
  }
})
