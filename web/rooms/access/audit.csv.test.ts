import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AuditEntry } from '@fermata/contract/audit.schema'
import { auditCsv } from './audit.csv.ts'

const entry: AuditEntry = {
  id: 'aud_1',
  at: 0,
  actor: 'mbr_1',
  actorName: 'Ada, "the" first',
  address: '192.0.2.1',
  agent: 'a browser',
  action: 'member.changed',
  target: 'mbr_2',
  targetName: 'Ben\nof two lines',
  changes: [{ field: 'role', from: 'agent', to: 'admin' }],
}

test('RFC 4180 section 2: commas, quotes and lines inside a field are kept apart from those between', () => {
  const [head, ...rest] = auditCsv([entry]).split('\r\n')
  assert.equal(head?.split(',').length, 9)
  assert.equal(
    rest.join('\r\n'),
    '1970-01-01T00:00:00Z,mbr_1,"Ada, ""the"" first",192.0.2.1,a browser,member.changed,mbr_2,"Ben\nof two lines",role: agent → admin\r\n',
  )
})

test('a name that a spreadsheet would take for a formula is none', () => {
  for (const actorName of ['=1+1', '+1', '-1', '@sum']) {
    assert.ok(auditCsv([{ ...entry, actorName }]).includes(`,'${actorName},`))
  }
})
