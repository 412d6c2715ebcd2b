// The one entry behind `npm start`, `npm test` and `npm run …`. Everything in front of the pinned
// Node is plain JavaScript without packages, because a fresh clone has neither.

const oldest = 20
if (Number(process.versions.node.split('.')[0]) < oldest) {
  console.error(
    `Fermata needs Node.js ${oldest} or newer to start itself; this is ${process.version}.`,
  )
  process.exit(1)
}

const commands = {
  start: async () => (await import('./start.js')).start,
  test: async () => (await import('./test.js')).test,
  check: async () => (await import('./test.js')).check,
  bench: async () => (await import('./program.js')).bench,
  simulate: async () => (await import('./program.js')).simulate,
  conformance: async () => (await import('./program.js')).conformance,
  fermata: async () => (await import('./program.js')).fermata,
  fuzz: async () => (await import('./program.js')).fuzz,
  format: async () => (await import('./program.js')).format,
  docs: async () => (await import('./program.js')).docs,
}

const [name = '', ...args] = process.argv.slice(2)

if (!Object.hasOwn(commands, name)) {
  const known = Object.keys(commands).join('|')
  console.error(`usage: node tools/run.js ${known} [arguments]`)
  process.exit(2)
}

try {
  const command = await commands[/** @type {keyof typeof commands} */ (name)]()
  process.exitCode = await command(args)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
