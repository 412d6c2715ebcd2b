// Packs the published client: plain modules and their types, with what they use of contract/ and base/
// inside, so that it depends on nothing. `npm run pack -w sdk` leaves the tarball in sdk/dist.

import { execFileSync } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative, sep } from 'node:path'
import { schemaTypes } from './pack.types.ts'
import { root } from './step.js'

/** What users may import; everything else is inside. */
const doors = ['index', 'client', 'feed', 'outbox', 'store']

/** Packs the client into a folder. Answers the path of the tarball. */
export async function packClient(folder: string): Promise<string> {
  const stage = mkdtempSync(join(tmpdir(), 'fermata-pack-'))
  try {
    compile(stage)
    await replaceSchemas(join(stage, 'contract'))
    // The client's own files are the root of its package.
    cpSync(join(stage, 'sdk'), stage, { recursive: true })
    rmSync(join(stage, 'sdk'), { recursive: true })
    for (const path of filesIn(stage)) writeFileSync(path, inward(path, stage))
    const used = reachable(stage)
    for (const path of filesIn(stage)) if (!used.has(path)) rmSync(path)
    for (const name of ['LICENSE', join('sdk', 'README.md')]) {
      cpSync(join(root, name), join(stage, name === 'LICENSE' ? name : 'README.md'))
    }
    writeFileSync(join(stage, 'package.json'), `${JSON.stringify(manifest(), null, 2)}\n`)
    mkdirSync(folder, { recursive: true })
    return join(folder, tarball(stage, folder))
  } finally {
    rmSync(stage, { recursive: true, force: true })
  }
}

/** Compiles the doors and all that they reach. */
function compile(stage: string): void {
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const project = join(stage, 'tsconfig.json')
  const settings = {
    extends: join(root, 'tsconfig.json'),
    compilerOptions: {
      noEmit: false,
      declaration: true,
      rewriteRelativeImportExtensions: true,
      target: 'es2022',
      rootDir: root,
      outDir: stage,
      typeRoots: [join(root, 'node_modules', '@types')],
    },
    include: [],
    // What lies behind a link in node_modules is not emitted by itself.
    files: [
      ...doors.map((door) => join('sdk', `${door}.ts`)),
      ...sources('contract'),
      ...sources('base'),
    ].map((path) => join(root, path)),
  }
  writeFileSync(project, JSON.stringify(settings))
  execFileSync(process.execPath, [tsc, '-p', project], { stdio: ['ignore', 'inherit', 'inherit'] })
  rmSync(project)
}

/** The sources of a wing, without its tests. */
function sources(wing: string): string[] {
  return readdirSync(join(root, wing))
    .filter((file) => /^(?!.*\.(?:test|world|contract)\.ts$).*\.ts$/.test(file))
    .map((file) => join(wing, file))
}

/** Puts written-out types in the place of the compiled schemas. */
async function replaceSchemas(contract: string): Promise<void> {
  for (const file of readdirSync(contract)) {
    if (/\.schema\.(?:js|d\.ts)$/.test(file)) rmSync(join(contract, file))
  }
  for (const [file, text] of await schemaTypes()) writeFileSync(join(contract, file), text)
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}

/** A file's text with its imports pointing at what lies inside the package. */
function inward(path: string, stage: string): string {
  const up = relative(dirname(path), stage).split(sep).join('/') || '.'
  return readFileSync(path, 'utf8')
    .replaceAll(
      /(from |import\()(['"])@fermata\/(base|contract)\/([\w.]+)\2/g,
      `$1'${up}/$3/$4.js'`,
    )
    .replaceAll(/(from |import\()(['"])(\.[^'"]*)\.ts\2/g, "$1'$3.js'")
}

/** The files that the doors lead to, for running and for compiling. */
function reachable(stage: string): ReadonlySet<string> {
  const found = new Set(
    doors.flatMap((door) => [join(stage, `${door}.js`), join(stage, `${door}.d.ts`)]),
  )
  // The set grows while it is walked.
  for (const path of found) {
    const ending = path.endsWith('.d.ts') ? '.d.ts' : '.js'
    const text = readFileSync(path, 'utf8')
    for (const [, to = ''] of text.matchAll(/(?:from |import\()'(\.[^']*)\.js'/g)) {
      found.add(join(dirname(path), `${to}${ending}`))
    }
  }
  return found
}

/** The package.json that users get. */
function manifest(): object {
  const own = JSON.parse(readFileSync(join(root, 'sdk', 'package.json'), 'utf8')) as {
    name: string
    version: string
    license: string
  }
  const entry = (door: string) => ({ types: `./${door}.d.ts`, default: `./${door}.js` })
  return {
    name: own.name,
    version: own.version,
    description: 'The client of Fermata: its HTTP API, its live feed, and sends that survive',
    license: own.license,
    type: 'module',
    sideEffects: false,
    engines: { node: '>=20' },
    exports: {
      ...Object.fromEntries(
        doors.map((door) => [door === 'index' ? '.' : `./${door}`, entry(door)]),
      ),
      './package.json': './package.json',
    },
  }
}

function tarball(stage: string, folder: string): string {
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const packed = execFileSync(npm, ['pack', '--json', '--pack-destination', folder], {
    cwd: stage,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [made] = JSON.parse(packed) as { filename: string }[]
  if (made === undefined) throw new Error('npm packed nothing')
  return made.filename
}

if (import.meta.main) console.log(await packClient(process.argv[2] ?? join(root, 'sdk', 'dist')))
