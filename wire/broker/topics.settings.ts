import { ok, type Result } from '@fermata/base/result'
import { refuse, type BrokerRefusal } from './refusals.ts'
import { listOf, settingOf, settingsFault, topicSettings, type Settings } from './settings.ts'
import { topicNamed, type Topic } from './topic.ts'
import type { SettingChange, SettingsAnswer, SettingView, TopicCalls } from './topics.port.ts'
import { configureTopic, type TopicParts } from './topics.change.ts'

/** The calls about the settings of topics. */
export function settingCalls(
  parts: TopicParts,
  inTurn: <T>(run: () => Promise<T>) => Promise<T>,
): Pick<TopicCalls, 'describeSettings' | 'alterSettings'> {
  const { topics } = parts
  return {
    async describeSettings({ workspace, topics: names }) {
      return names.map((name) => {
        const topic = topicNamed(topics, workspace, name)
        return topic ? viewOf(topic) : refusedFor(name, { code: 'unknown_topic' })
      })
    },
    alterSettings: ({ workspace, topics: asked, isWhole, validateOnly }) =>
      Promise.all(
        asked.map(({ name, changes }) =>
          inTurn(async () => {
            const topic = topicNamed(topics, workspace, name)
            if (topic === undefined) return refusedFor(name, { code: 'unknown_topic' })
            const settings = changed(isWhole ? {} : topic.settings, changes)
            if (!settings.ok) return refusedFor(name, settings.refusal)
            if (validateOnly) return viewOf({ ...topic, settings: settings.value })
            const configured = await configureTopic(parts, topic, settings.value)
            return configured.ok ? viewOf(configured.value) : refusedFor(name, configured.refusal)
          }),
        ),
      ),
  }
}

function refusedFor(name: string, refusal: BrokerRefusal): SettingsAnswer {
  return { ok: false, name, refusal }
}

function viewOf({ name, settings }: Topic): SettingsAnswer {
  return { ok: true, name, settings: settingViews(settings) }
}

/** All settings of a topic as they stand. */
export function settingViews(settings: Settings): readonly SettingView[] {
  return topicSettings.map(({ name, kind, brokerName, about, default: initial }) => ({
    name,
    kind,
    brokerName,
    about,
    default: initial,
    value: settings[name] ?? initial,
    isSet: Object.hasOwn(settings, name),
  }))
}

/** Applies changes to settings: a list may be added to and taken from, everything else is set. */
function changed(
  settings: Settings,
  changes: readonly SettingChange[],
): Result<Settings, BrokerRefusal> {
  const next: Record<string, string> = { ...settings }
  for (const { name, kind, value } of changes) {
    const setting = topicSettings.find((one) => one.name === name)
    if (setting === undefined) return refuse('invalid_config', `there is no setting ${name}`)
    if (kind === 'delete') {
      delete next[name]
      continue
    }
    if (value === null) return refuse('invalid_config', `${name} needs a value`)
    if (kind === 'set') {
      next[name] = value
      continue
    }
    if (setting.kind !== 'list') return refuse('invalid_config', `${name} is no list`)
    const words = listOf(settingOf(next, name))
    const named = listOf(value)
    const left =
      kind === 'append'
        ? [...new Set([...words, ...named])]
        : words.filter((word) => !named.includes(word))
    next[name] = left.join(',')
  }
  const fault = settingsFault(next)
  return fault === undefined ? ok(next) : refuse('invalid_config', fault)
}
