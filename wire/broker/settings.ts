import { limits } from '@fermata/base/limits'
import type { PartitionConfig } from '../log/store.ts'

// The settings of a topic, by the names and with the meaning that Apache Kafka's documentation gives them
// ("Topic Configs", 4.1). All of them are known, so that whatever asks for one is answered; those that
// speak of what is not here (replicas, tiers, a page cache) are kept and change nothing.

/** What kind of value a setting takes. */
export type SettingKind = 'boolean' | 'int' | 'long' | 'double' | 'list' | 'text'

/** One setting of a topic. */
export interface Setting {
  readonly name: string
  readonly kind: SettingKind
  readonly default: string
  /** What it takes: a range of numbers, or words. */
  readonly range?: readonly [min: number, max: number]
  readonly words?: readonly string[]
  /** Kafka's name for the same setting of the whole broker. */
  readonly brokerName: string
  readonly about: string
}

const long = Number.MAX_SAFE_INTEGER
const int = 2 ** 31 - 1

/** Every setting of a topic. */
export const topicSettings: readonly Setting[] = [
  list('cleanup.policy', 'delete', ['delete', 'compact'], 'What happens to old records.'),
  // A batch stays as its producer made it, whatever is set here: that is what makes it cheap to pass on.
  text(
    'compression.type',
    'producer',
    ['uncompressed', 'zstd', 'lz4', 'snappy', 'gzip', 'producer'],
    'Has no effect here: batches stay as producers compress them.',
  ),
  number('compression.gzip.level', 'int', '-1', [-1, 9], 'Has no effect here.'),
  number('compression.lz4.level', 'int', '9', [1, 17], 'Has no effect here.'),
  number('compression.zstd.level', 'int', '3', [-131_072, 22], 'Has no effect here.'),
  number(
    'delete.retention.ms',
    'long',
    '86400000',
    [0, long],
    'How long a tombstone is kept.',
    'log.cleaner.delete.retention.ms',
  ),
  number('file.delete.delay.ms', 'long', '60000', [0, long], 'Has no effect here.'),
  // Acknowledged is flushed, whatever is set here.
  number('flush.messages', 'long', '1', [1, long], 'Every record is flushed before its answer.'),
  number('flush.ms', 'long', '0', [0, long], 'Every record is flushed before its answer.'),
  text('follower.replication.throttled.replicas', '', undefined, 'Has no effect here.'),
  number('index.interval.bytes', 'int', '4096', [0, int], 'Has no effect here.'),
  text('leader.replication.throttled.replicas', '', undefined, 'Has no effect here.'),
  number('local.retention.bytes', 'long', '-2', [-2, long], 'Has no effect here.'),
  number('local.retention.ms', 'long', '-2', [-2, long], 'Has no effect here.'),
  number('max.compaction.lag.ms', 'long', String(long), [1, long], 'Has no effect here.'),
  number(
    'max.message.bytes',
    'int',
    String(limits.wireBatchBytesDefault),
    [0, limits.wireBatchBytesMax],
    'The largest batch that is taken.',
    'message.max.bytes',
  ),
  number('message.timestamp.after.max.ms', 'long', String(long), [0, long], 'Not looked at yet.'),
  number('message.timestamp.before.max.ms', 'long', String(long), [0, long], 'Not looked at yet.'),
  text(
    'message.timestamp.type',
    'CreateTime',
    ['CreateTime', 'LogAppendTime'],
    'Whether records keep their own times.',
  ),
  number(
    'min.cleanable.dirty.ratio',
    'double',
    '0.5',
    [0, 1],
    'When compaction begins.',
    'log.cleaner.min.cleanable.ratio',
  ),
  number(
    'min.compaction.lag.ms',
    'long',
    '0',
    [0, long],
    'How old a record must be to be compacted.',
    'log.cleaner.min.compaction.lag.ms',
  ),
  number('min.insync.replicas', 'int', '1', [1, int], 'Has no effect here.', 'min.insync.replicas'),
  flag('preallocate', 'false', 'Has no effect here.'),
  flag('remote.log.copy.disable', 'false', 'Has no effect here.'),
  flag('remote.log.delete.on.disable', 'false', 'Has no effect here.'),
  flag('remote.storage.enable', 'false', 'Has no effect here.'),
  number('retention.bytes', 'long', '-1', [-1, long], 'How large a partition may grow.'),
  number('retention.ms', 'long', '604800000', [-1, long], 'How long records are kept.'),
  number(
    'segment.bytes',
    'int',
    String(limits.wireSegmentBytes),
    [limits.segmentBytesMin, int],
    'How large a segment may grow.',
  ),
  number('segment.index.bytes', 'int', '10485760', [4, int], 'Has no effect here.'),
  number('segment.jitter.ms', 'long', '0', [0, long], 'Has no effect here.'),
  number(
    'segment.ms',
    'long',
    '604800000',
    [1, long],
    'How old a segment may grow.',
    'log.roll.ms',
  ),
  flag('unclean.leader.election.enable', 'false', 'Has no effect here.'),
]

const byName = new Map(topicSettings.map((setting) => [setting.name, setting]))

function number(
  name: string,
  kind: SettingKind,
  initial: string,
  range: readonly [number, number],
  about: string,
  brokerName = `log.${name}`,
): Setting {
  return { name, kind, default: initial, range, brokerName, about }
}

function text(
  name: string,
  initial: string,
  words: readonly string[] | undefined,
  about: string,
): Setting {
  const brokerName = name === 'compression.type' ? name : `log.${name}`
  return { name, kind: 'text', default: initial, brokerName, about, ...(words && { words }) }
}

function list(name: string, initial: string, words: readonly string[], about: string): Setting {
  return { name, kind: 'list', default: initial, words, brokerName: `log.${name}`, about }
}

function flag(name: string, initial: string, about: string): Setting {
  const words = ['true', 'false']
  return { name, kind: 'boolean', default: initial, words, brokerName: `log.${name}`, about }
}

/** The settings that somebody has set; all others have their defaults. */
export type Settings = Readonly<Record<string, string>>

/** What is wrong with the value of a setting; undefined where nothing is. */
export function settingFault(name: string, value: string): string | undefined {
  const setting = byName.get(name)
  if (setting === undefined) return `there is no setting ${name}`
  if (value.length > limits.topicConfigCharsMax) {
    return `${name} takes at most ${limits.topicConfigCharsMax} characters`
  }
  if (setting.kind === 'list') {
    const words = listOf(value)
    if (words.length === 0) return `${name} must not be empty`
    const stray = words.find((word) => setting.words?.includes(word) === false)
    return stray === undefined ? undefined : `${name} does not take ${stray}`
  }
  if (setting.kind === 'boolean' || setting.kind === 'text') {
    const isTaken = setting.words === undefined || setting.words.includes(value)
    return isTaken ? undefined : `${name} takes ${setting.words?.join(' or ')}`
  }
  const pattern = setting.kind === 'double' ? /^\d+(?:\.\d+)?$/ : /^-?\d+$/
  const [min, max] = setting.range ?? [-long, long]
  // Java's largest long, which is what clients know as "never", lies beyond what is counted here.
  const parsed = Math.min(Number(value), setting.kind === 'long' ? long : Infinity)
  const isTaken = pattern.test(value) && parsed >= min && parsed <= max
  return isTaken ? undefined : `${name} takes a number from ${min} to ${max}`
}

/** What is wrong with some settings taken together or each by itself. */
export function settingsFault(settings: Settings): string | undefined {
  for (const [name, value] of Object.entries(settings)) {
    const fault = settingFault(name, value)
    if (fault !== undefined) return fault
  }
  return undefined
}

/** The value of a setting, set or default. */
export function settingOf(settings: Settings, name: string): string {
  return settings[name] ?? byName.get(name)?.default ?? ''
}

/** The words of a list. */
export function listOf(value: string): string[] {
  return value
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '')
}

/** How a partition of a topic with these settings is kept. */
export function partitionConfigOf(settings: Settings): PartitionConfig {
  const numberOf = (name: string): number => Math.min(Number(settingOf(settings, name)), long)
  const policies = listOf(settingOf(settings, 'cleanup.policy'))
  const retentionMs = numberOf('retention.ms')
  const retentionBytes = numberOf('retention.bytes')
  const drops = policies.includes('delete')
  return {
    segmentBytes: numberOf('segment.bytes'),
    segmentMs: numberOf('segment.ms'),
    batchBytesMax: numberOf('max.message.bytes'),
    ...(settingOf(settings, 'message.timestamp.type') === 'LogAppendTime' && { stampsTime: true }),
    ...(drops && retentionMs >= 0 && { retentionMs }),
    ...(drops && retentionBytes >= 0 && { retentionBytes }),
    ...(policies.includes('compact') && {
      compaction: {
        lagMs: numberOf('min.compaction.lag.ms'),
        tombstoneMs: numberOf('delete.retention.ms'),
        dirtyShare: numberOf('min.cleanable.dirty.ratio'),
      },
    }),
  }
}
