import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createReadStream, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { programEnvironment } from '../environment.ts'
import { tracedCalls, type RecordingReader } from './recording.ts'

/** What to run. */
export interface RecordOptions {
  /** The path of strace. */
  readonly strace: string
  /** A program and its arguments. */
  readonly command: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Makes every flush of data slower, so that more is under way while one runs. */
  readonly flushDelayMs?: number
}

/** A process that is being recorded. */
export interface Recorded {
  /** Sends a signal to the program itself. */
  signal(signal: NodeJS.Signals): void
  /** Waits until something is found in all that the program has said. Rejects when it ends before. */
  said<T>(find: (text: string) => T | undefined): Promise<T>
  /** Waits for the end of the program, and gives what was recorded to a reader. */
  readInto(reader: RecordingReader): Promise<void>
}

/** Longest text that is recorded whole; a longer write makes the recording unreadable, never wrong. */
const textBytesMax = 1 << 23

/** Runs a program under strace with everything that it writes, flushes and sends. */
export function record(options: RecordOptions): Recorded {
  const { strace, command, env = {}, flushDelayMs = 0 } = options
  const place = mkdtempSync(join(tmpdir(), 'fermata-tape-'))
  const tape = join(place, 'tape')
  const args = ['-f', '--seccomp-bpf', '-qq', '-xx', '-s', `${textBytesMax}`, '-o', tape]
  args.push('-e', `trace=${tracedCalls.join(',')}`)
  if (flushDelayMs > 0) args.push('-e', `inject=fdatasync:delay_enter=${flushDelayMs * 1_000}`)
  const child = spawn(strace, [...args, '--', ...command], {
    // Calls made through a ring in shared memory would not be seen.
    env: programEnvironment({ UV_USE_IO_URING: '0', ...env }),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = once(child, 'close')
  let text = ''
  const hear = (chunk: Buffer): void => void (text += chunk.toString())
  child.stdout.on('data', hear)
  child.stderr.on('data', hear)
  return {
    signal(signal) {
      const { pid, exitCode, signalCode } = child
      if (exitCode !== null || signalCode !== null) return
      const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim()
      if (children !== '') process.kill(Number(children.split(' ')[0]), signal)
    },
    async said(find) {
      const over = ended.then(() => {
        throw new Error(`the program ended:\n${text}`)
      })
      // It ends some day, and then nobody may be waiting any more.
      over.catch(() => undefined)
      for (;;) {
        const found = find(text)
        if (found !== undefined) return found
        // Whoever is not heard first is not listened to any longer.
        const heard = new AbortController()
        const { signal } = heard
        const more = [child.stdout, child.stderr].map((stream) => once(stream, 'data', { signal }))
        await Promise.race([...more, over])
        heard.abort()
      }
    },
    async readInto(reader) {
      await ended
      try {
        const lines = createInterface({ input: createReadStream(tape, 'latin1') })
        for await (const line of lines) reader.take(line)
      } finally {
        rmSync(place, { recursive: true, force: true })
      }
    },
  }
}

/** SQLite's index of its log, which lies in shared memory and is made anew by whoever opens it. */
export function isSharedMemory(path: string): boolean {
  return path.endsWith('-shm')
}
