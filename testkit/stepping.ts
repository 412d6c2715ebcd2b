// Loaded into a server before its own code: a wall clock that is set while it runs, as an administrator or NTP
// would. The monotonic clock goes on.

import { readFileSync } from 'node:fs'

const wall = Date.now.bind(Date)
const file = process.env['STEPPING_CLOCK'] ?? ''
let offsetMs = 0
let readAt = -Infinity

Date.now = () => {
  const at = performance.now()
  if (at - readAt > 20) {
    readAt = at
    offsetMs = Number(readFileSync(file, 'utf8'))
  }
  return wall() + offsetMs
}
