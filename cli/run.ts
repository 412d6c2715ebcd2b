import { exitCodes, Failed, UsageError, type Machine } from './machine.ts'
import { consume, create, describe, list, publish } from './topic.ts'
import { verify } from './wire.ts'
import { readWords, type Words } from './words.ts'

const usage = `usage: fermata COMMAND [options]

  topic list                  the topics, and how much they hold
  topic create NAME           --partitions N, --set SETTING=VALUE as often as needed
  topic describe NAME         its partitions and what was set for it
  topic publish NAME [VALUE]  --key KEY, --partition N; without a value, a record for each line that comes in
  topic consume NAME          --partition N, --offset N, --limit N, --follow
  wire verify FOLDER          reads all of the log of a server that does not run

  --url URL      the server (FERMATA_URL, http://127.0.0.1:7300)
  --token TOKEN  the token of an app (FERMATA_TOKEN)
  --json         one JSON text a line`

type Command = (words: Words, machine: Machine) => Promise<number>

const commands: Readonly<Record<string, Command>> = {
  'topic list': list,
  'topic create': create,
  'topic describe': describe,
  'topic publish': publish,
  'topic consume': consume,
  'wire verify': verify,
}

/** Does what the words say; answers the exit code. */
export async function run(argv: readonly string[], machine: Machine): Promise<number> {
  try {
    const words = readWords(argv)
    if (words.help) {
      machine.out(usage)
      return exitCodes.done
    }
    const name = words.plain.slice(0, 2).join(' ')
    if (!Object.hasOwn(commands, name)) throw new UsageError(`there is no command "${name}"`)
    return await commands[name]!({ ...words, plain: words.plain.slice(2) }, machine)
  } catch (error) {
    if (error instanceof UsageError) {
      machine.error(`fermata: ${error.message}\n\n${usage}`)
      return exitCodes.usage
    }
    if (!(error instanceof Failed)) throw error
    machine.error(`fermata: ${error.message}`)
    return exitCodes.failed
  }
}
