import assert from 'node:assert/strict'
import { createServer, type AddressInfo } from 'node:net'
import { test, type TestContext } from 'node:test'
import { kcat, runKcat } from '@fermata/testkit/kcat'
import { newFolder, startProcess, type ServerProcess } from './process.world.ts'

const { skip } = kcat

/** Where Kafka's clients are told to come by what the server prints. */
async function kafkaOf(server: ServerProcess): Promise<string> {
  await server.url
  return /Kafka {7}(localhost:\d+)/.exec(server.said())![1]!
}

const read = ['-C', '-t', 'orders', '-o', 'beginning', '-e', '-q']

test(
  'what a newcomer tries first works, and after kill -9 all of it is still there',
  { skip },
  async (t) => {
    const data = newFolder(t)
    const args = ['--kafka-port', '0']
    const first = startProcess(t, { data, args })
    const address = await kafkaOf(first)
    const empty = await runKcat(address, ['-L'])
    assert.equal(empty.code, 0, empty.errors)
    assert.ok(empty.lines.includes(' 0 topics:'))
    const lines = Array.from({ length: 100 }, (_, i) => `order ${i}`)
    const sent = await runKcat(address, ['-P', '-t', 'orders'], `${lines.join('\n')}\n`)
    assert.equal(sent.code, 0, sent.errors)
    assert.deepEqual((await runKcat(address, read)).lines, lines)
    first.child.kill('SIGKILL')
    await first.ended

    const second = startProcess(t, { data, args })
    const again = await kafkaOf(second)
    assert.deepEqual((await runKcat(again, read)).lines, lines)
    await runKcat(again, ['-P', '-t', 'orders'], 'one more\n')
    second.child.kill('SIGTERM')
    assert.deepEqual(await second.ended, { code: 0, signal: null })
    assert.equal(second.logged(), '')

    const third = startProcess(t, { data, args })
    assert.deepEqual((await runKcat(await kafkaOf(third), read)).lines, [...lines, 'one more'])
  },
)

/** Has a port that nobody else gets. */
async function takePort(t: TestContext, port: number): Promise<number> {
  const holder = createServer()
  t.after(() => holder.close())
  await new Promise<void>((resolve) => {
    // Somebody else may have it already, which is as good.
    holder.once('error', () => resolve())
    holder.listen(port, '127.0.0.1', resolve)
  })
  return (holder.address() as AddressInfo | null)?.port ?? port
}

test('a port that was named and is taken keeps it from starting; the usual one does not', async (t) => {
  const port = await takePort(t, 0)
  const named = startProcess(t, { data: newFolder(t), args: ['--kafka-port', String(port)] })
  assert.deepEqual(await named.ended, { code: 1, signal: null })
  assert.match(named.logged(), /^Fermata cannot start: Kafka's clients .*EADDRINUSE.*\n$/)

  await takePort(t, 9092)
  const usual = startProcess(t, { data: newFolder(t), args: [], kafka: 'usual' })
  const url = await usual.url
  assert.match(usual.said(), /Kafka {7}off, because port 9092 is taken; .*--kafka-port\n/)
  assert.equal((await fetch(`${url}/readyz`)).status, 200)
})
