import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { limits } from '@fermata/base/limits'
import { helpText } from './config.ts'

const page = readFileSync(new URL('../docs/operations.md', import.meta.url), 'utf8')

/** All different matches of a pattern, in order. */
function all(text: string, pattern: RegExp): string[] {
  return [...new Set([...text.matchAll(pattern)].map((match) => match[0]))].toSorted()
}

test('the page for operators lists every flag and variable there is, and no other', () => {
  for (const pattern of [/(?<=[ `])--[a-z-]*[a-z]/g, /FERMATA_[A-Z_]+/g]) {
    assert.deepEqual(all(page, pattern), all(helpText(), pattern))
  }
})

test('the limits that the page names are the ones that hold', () => {
  const number = (n: number) => n.toLocaleString('en-US')
  for (const text of [
    `${limits.bodyBytesMax / 1024} KiB a request`,
    `${number(limits.messageTextCharsMax)} characters a message`,
    `${number(limits.requestsPerActorMax)} requests`,
    `${number(limits.sendsPerActorMax)} messages a minute`,
    `${limits.sendsPerContactMax} messages a minute`,
    `${limits.requestsPerAddressMax} requests a minute`,
    `${number(limits.socketsMax)} live readers, ${limits.socketsPerActorMax} of them`,
    `each ${limits.heartbeatMs / 1_000} s`,
    `${limits.fileBytesMax / 1024 / 1024} MiB at most, a visitor's ${limits.fileBytesOfContactMax / 1024 / 1024} MiB`,
    `have ${limits.fileBytesPerWorkspaceMax / 1024 ** 3} GiB, of which visitors take ${limits.fileRoomOfContactsPercentMax} %`,
    `not sent within ${limits.fileUnsentMs / 3_600_000} hours`,
    `bring ${limits.kafkaAppBytesInPerSecond / 1024 / 1024} MiB and take ${limits.kafkaAppBytesOutPerSecond / 1024 / 1024} MiB a second`,
    `${number(limits.kafkaConnectionsMax)} connections`,
    `${limits.drainMsMax / 1_000} s at most`,
    `more than ${number(limits.writeQueueActionsMax)} are refused`,
    `over ${limits.walBytesHardMax / 1024 / 1024} MiB`,
    `more than ${limits.readTransactionMsMax / 1_000} s`,
  ]) {
    assert.ok(page.replaceAll(/\s+/g, ' ').includes(text), text)
  }
})
