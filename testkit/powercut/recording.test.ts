import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RecordingReader } from './recording.ts'
import { hex, line, opens, writes } from './trace.fixture.ts'

const read = (lines: readonly string[], base: Record<string, string> = {}) => {
  const reader = new RecordingReader({
    folder: '/data',
    base: new Map(Object.entries(base).map(([path, text]) => [path, Buffer.from(text)])),
    isVolatile: (path) => path.endsWith('-shm'),
  })
  for (const text of lines) reader.take(text)
  return reader.end()
}

const told = (lines: readonly string[], base: Record<string, string> = {}) =>
  read(lines, base).operations.map(({ change, durable }) => {
    const data = change.kind === 'write' ? `${change.offset}:${change.data.toString()}` : ''
    const path = 'path' in change ? change.path : data
    return `${change.kind} ${path} ${durable}`
  })

test('a flush covers what ended before it began, and nothing that overlaps with it', () => {
  const lines = [
    opens('/data/db', 5),
    writes(5, 'a', 0),
    `100 pwrite64(5, ${hex('b')}, 1, 1 <unfinished ...>`,
    '101 fdatasync(5 <unfinished ...>',
    '100 <... pwrite64 resumed>) = 1',
    writes(5, 'c', 2),
    '101 <... fdatasync resumed>) = 0',
    line('fdatasync(5)', 0),
  ]
  assert.deepEqual(told(lines), ['name db Infinity', 'write 0:a 6', 'write 1:b 7', 'write 2:c 7'])
})

test('a flush that failed covers nothing', () => {
  const lines = [opens('/data/db', 5), writes(5, 'a', 0), line('fsync(5)', -1)]
  assert.deepEqual(told(lines), ['name db Infinity', 'write 0:a Infinity'])
})

test('names are on disk once their folder is flushed, a move once both of its folders are', () => {
  const lines = [
    line(`mkdir(${hex('/data/keys')}, 0700)`, 0),
    opens('/data/new', 5),
    opens('/data', 6, 'O_RDONLY'),
    line('fsync(6)', 0),
    line(`rename(${hex('/data/new')}, ${hex('/data/old')})`, 0),
    line('fsync(6)', 0),
    line(`unlink(${hex('/data/old')})`, 0),
  ]
  assert.deepEqual(told(lines), [
    'folder keys 3',
    'name new 3',
    'name old 5',
    'remove old Infinity',
  ])
})

test('writes without a place go on from the last one, or to the end of the file', () => {
  const lines = [
    opens('/data/log', 5, 'O_WRONLY'),
    line(`write(5, ${hex('ab')}, 2)`, 2),
    line(
      `writev(5, [{iov_base=${hex('c')}, iov_len=1}, {iov_base=${hex('de')}, iov_len=2}], 2)`,
      2,
    ),
    line('lseek(5, 1, SEEK_SET)', 1),
    line(`write(5, ${hex('z')}, 1)`, 1),
    opens('/data/log', 6, 'O_WRONLY|O_APPEND'),
    line(`write(6, ${hex('end')}, 3)`, 3),
  ]
  assert.deepEqual(
    told(lines, { log: 'four' }).map((text) => text.replace(' Infinity', '')),
    ['write 0:ab', 'write 2:cd', 'write 1:z', 'write 4:end'],
  )
})

test('a descriptor that another thread was given before its close was told of stays open', () => {
  const lines = [
    opens('/data/a', 5),
    '101 close(5 <unfinished ...>',
    opens('/data/b', 5),
    '101 <... close resumed>) = 0',
    writes(5, 'b', 0),
  ]
  const { operations } = read(lines)
  assert.equal(operations.length, 3)
  assert.deepEqual(operations[2]?.change, {
    kind: 'write',
    file: 2,
    offset: 0,
    data: Buffer.from('b'),
  })
})

test('bytes to clients and to standard output are told with the line on which they began to leave', () => {
  const lines = [
    line('accept4(9, NULL, NULL, SOCK_CLOEXEC)', 12),
    `100 write(12, ${hex('HTTP')}, 4 <unfinished ...>`,
    line(`write(1, ${hex('ready\n')}, 6)`, 6),
    '100 <... write resumed>) = 3',
    line(`sendmsg(12, {msg_name=NULL, msg_iov=[{iov_base=${hex('P/1.1')}, iov_len=5}]}, 0)`, -1),
    line(`write(77, ${hex('to a pipe of its own')}, 20)`, 20),
  ]
  assert.deepEqual(
    read(lines).sent.map(({ stream, begun, data }) => [stream, begun, data.toString()]),
    [
      [1, 2, 'ready\n'],
      [3, 1, 'HTT'],
    ],
  )
})

test('a write that the end of the process cut off counts as begun and never ended', () => {
  const { operations } = read([
    opens('/data/db', 5),
    `100 pwrite64(5, ${hex('a')}, 1, 0 <unfinished ...>`,
  ])
  assert.equal(operations[1]?.begun, 1)
  assert.equal(operations[1]?.ended, Infinity)
})

test('what one process wrote and nobody flushed is flushed by the next one that flushes the file', () => {
  const reader = new RecordingReader({
    folder: '/data',
    base: new Map(),
    isVolatile: () => false,
  })
  for (const text of [
    opens('/data/db', 5),
    writes(5, 'a', 0),
    `100 pwrite64(5, ${hex('b')}, 1, 1 <unfinished ...>`,
  ]) {
    reader.take(text)
  }
  reader.nextProcess()
  for (const text of [writes(5, 'not its own', 0), opens('/data/db', 7), line('fsync(7)', 0)]) {
    reader.take(text)
  }
  const { operations } = reader.end()
  assert.deepEqual(
    operations.map(({ change, durable }) => [change.kind, durable]),
    [
      ['name', Infinity],
      ['write', 5],
      ['write', 5],
    ],
  )
})

test('volatile files and other folders are left out', () => {
  const lines = [opens('/data/db-shm', 5), writes(5, 'a', 0), opens('/etc/x', 6), writes(6, 'a', 0)]
  assert.deepEqual(told(lines), [])
})

test('a call on the folder that has no model is refused', () => {
  for (const call of [
    line('fallocate(5, 0, 0, 4096)', 0),
    line('mmap(NULL, 4096, PROT_READ|PROT_WRITE, MAP_SHARED, 5, 0)', 1),
    line('copy_file_range(7, NULL, 5, NULL, 10, 0)', 10),
    line(`truncate(${hex('/data/db')}, 0)`, 0),
  ]) {
    assert.throws(() => read([opens('/data/db', 5), call]), /no model/, call)
  }
  const harmless = line('mmap(NULL, 5, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0)', 1)
  assert.equal(read([opens('/data/db', 5), harmless]).operations.length, 1)
})
