import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { realpathSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { need } from '@fermata/testkit/needs'
import { newFolder, ownerEnvironment, signIn, startProcess } from '../process.world.ts'

const strace = need('strace')

test(
  'when the disk fails a flush, nothing more is answered and the process ends',
  strace,
  async (t) => {
    const data = newFolder(t)
    const env = ownerEnvironment
    const failing = startProcess(t, { data, env })
    const url = await failing.url
    await signIn(url)

    // From here on the disk takes no flush of the log.
    const wal = join(realpathSync(data), 'people.db-wal')
    const inject = 'inject=fdatasync:error=EIO'
    const process = String(failing.child.pid)
    const words = ['-f', '-p', process, '-o', '/dev/null', '-P', wal, '-e', inject]
    const tracer = spawn(strace.path, words, { stdio: ['ignore', 'ignore', 'pipe'] })
    t.after(() => tracer.kill())
    for await (const said of tracer.stderr) if (String(said).includes('attached')) break
    assert.equal((await fetch(`${url}/v1/setup`)).status, 200)
    await assert.rejects(signIn(url), /fetch failed/)
    assert.deepEqual(await failing.ended, { code: 70, signal: null })
    assert.match(failing.logged(), /"level":60.*flush/)

    const after = startProcess(t, { data, env })
    await signIn(await after.url)
  },
)
