import assert from 'node:assert/strict'
import { test } from 'node:test'
import { splitArgs, textBytes, TraceReader, vectorBytes } from './strace.ts'

const readAll = (text: string) => {
  const reader = new TraceReader()
  const calls = text
    .split('\n')
    .flatMap((line) => reader.take(line) ?? [])
    .map(({ name, result, begun, ended }) => [name, result, begun, ended])
  return { calls, left: reader.left() }
}

test('calls of several threads are put together, each with the lines of its begin and end', () => {
  const { calls, left } = readAll(
    [
      String.raw`101   pwrite64(22, "\x41\x42", 2, 4096 <unfinished ...>`,
      '102   fdatasync(24 <unfinished ...>',
      '101   <... pwrite64 resumed>)           = 2',
      '103   openat(AT_FDCWD, "\\x2f\\x61", O_RDWR|O_CREAT, 0644) = 7',
      '102   <... fdatasync resumed>)          = 0',
      '101   ftruncate(22, 0)                  = -1 ENOSPC (No space left on device)',
      '101   write(1, "\\x0a", 1 <unfinished ...>',
      '102   --- SIGTERM {si_signo=SIGTERM, si_code=SI_USER} ---',
      '102   +++ killed by SIGKILL +++',
    ].join('\n'),
  )
  assert.deepEqual(calls, [
    ['pwrite64', 2, 0, 2],
    ['openat', 7, 3, 3],
    ['fdatasync', 0, 1, 4],
    ['ftruncate', -1, 5, 5],
  ])
  assert.equal(left.length, 1)
  assert.equal(left[0]?.name, 'write')
  assert.equal(left[0]?.ended, Infinity)
})

test('arguments that strace prints only at the end of a call are joined to those of its begin', () => {
  const reader = new TraceReader()
  reader.take('7 accept4(18,  <unfinished ...>')
  const call = reader.take('7 <... accept4 resumed>NULL, NULL, SOCK_CLOEXEC|SOCK_NONBLOCK) = 25')
  assert.deepEqual(splitArgs(call?.args ?? ''), [
    '18',
    'NULL',
    'NULL',
    'SOCK_CLOEXEC|SOCK_NONBLOCK',
  ])
  assert.equal(call?.result, 25)
})

test('a killed call and one that never returns have a negative result', () => {
  assert.deepEqual(readAll('5 exit_group(0)   = ?').calls, [['exit_group', -1, 0, 0]])
})

test('arguments are split outside of brackets and texts only', () => {
  const args = String.raw`3, [{iov_base="\x2c\x22", iov_len=2}, {iov_base="\x61", iov_len=1}], 2, 0`
  const [descriptor, vector = '', count, offset] = splitArgs(args)
  assert.deepEqual([descriptor, count, offset], ['3', '2', '0'])
  assert.equal(vectorBytes(vector).toString(), ',"a')
})

test('a text that was cut short is refused, and so is a line of another form', () => {
  assert.equal(textBytes(String.raw`"\x00\xff"`).toString('hex'), '00ff')
  assert.throws(() => textBytes(String.raw`"\x00"...`), /cut/)
  assert.throws(() => vectorBytes(String.raw`[{iov_base="\x00"..., iov_len=9}]`), /cut/)
  assert.throws(() => new TraceReader().take('strace: Process 12 attached'), /not understood/)
  assert.throws(() => new TraceReader().take('9 <... write resumed>) = 1'), /not understood/)
})
