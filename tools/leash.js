// Loaded into the server in front of its own code: if the process that started it vanishes without a
// word, the server ends as if it had been told to, rather than hold its port and data unseen.

import { isMainThread } from 'node:worker_threads'

if (isMainThread && process.channel) {
  process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'))
  // The leash alone must not keep a server running that has nothing left to do.
  process.channel.unref()
}
