import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { realpathSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { kcat, runKcat } from '@fermata/testkit/kcat'
import { need } from '@fermata/testkit/needs'
import {
  newFolder,
  ownerEnvironment,
  signIn,
  startProcess,
  type ServerProcess,
} from '../process.world.ts'

const strace = need('strace')

/** From here on the disk takes no flush of a file. */
async function failFlushes(t: TestContext, server: ServerProcess, path: string): Promise<void> {
  const traced = ['-f', '-p', String(server.child.pid), '-o', '/dev/null', '-P', path]
  const words = [...traced, '-e', 'inject=fdatasync:error=EIO']
  const tracer = spawn(strace.path, words, { stdio: ['ignore', 'ignore', 'pipe'] })
  t.after(() => tracer.kill())
  for await (const said of tracer.stderr) if (String(said).includes('attached')) break
}

test(
  'when the disk fails a flush, nothing more is answered and the process ends',
  strace,
  async (t) => {
    const data = newFolder(t)
    const env = ownerEnvironment
    const failing = startProcess(t, { data, env })
    const url = await failing.url
    await signIn(url)

    await failFlushes(t, failing, join(realpathSync(data), 'people.db-wal'))
    assert.equal((await fetch(`${url}/v1/setup`)).status, 200)
    await assert.rejects(signIn(url), /fetch failed/)
    assert.deepEqual(await failing.ended, { code: 70, signal: null })
    assert.match(failing.logged(), /"level":60.*flush/)

    const after = startProcess(t, { data, env })
    await signIn(await after.url)
  },
)

test(
  'when the disk fails a flush of the wire, no record is acknowledged and the process ends',
  { skip: strace.skip || kcat.skip },
  async (t) => {
    const data = newFolder(t)
    const args = ['--kafka-port', '0']
    const failing = startProcess(t, { data, args })
    await failing.url
    const addressOf = ({ said }: ServerProcess): string => /Kafka {7}(\S+:\d+)/.exec(said())![1]!
    const send = (text: string, ...args: readonly string[]) =>
      runKcat(addressOf(failing), ['-P', '-t', 'orders', ...args], `${text}\n`)
    assert.equal((await send('before')).code, 0)
    await failFlushes(t, failing, join(realpathSync(data), 'wire', 'journal', '0000.journal'))
    assert.notEqual((await send('lost', '-X', 'message.timeout.ms=2000')).code, 0)
    assert.deepEqual(await failing.ended, { code: 70, signal: null })

    const after = startProcess(t, { data, args })
    await after.url
    const read = ['-C', '-t', 'orders', '-o', 'beginning', '-e', '-q']
    const { lines } = await runKcat(addressOf(after), read)
    assert.equal(lines[0], 'before')
  },
)
