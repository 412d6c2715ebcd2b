// Installs what the suites named on the command line want from the system: `node tools/needs.ts browser`.
// Only as root on a system with apt, without questions and without starting any service. Elsewhere it
// says what is missing, and the tests that need it skip themselves.

import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { allNeeds, findProgram } from '@fermata/testkit/needs'

/** While this file says 101, Debian's packages do not start the services that they bring. */
const servicePolicy = '/usr/sbin/policy-rc.d'

/** Where Debian's PostgreSQL reads whether to create a database cluster of its own. */
const clusterFolder = '/etc/postgresql-common'

const suites = process.argv.slice(2)
const missing = allNeeds()
  .filter((need) => need.suites.some((suite) => suites.includes(suite)))
  .filter((need) => findProgram(need) === undefined)

if (missing.length > 0) {
  const names = missing.map((need) => need.name).join(', ')
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    const since = performance.now()
    process.stdout.write(`installing ${names} … `)
    const error = withoutServices(() => install(missing.map((need) => need.apt)))
    const seconds = ((performance.now() - since) / 1000).toFixed(1)
    console.log(error ? `failed after ${seconds} s\n${error}` : `${seconds} s`)
  } else {
    console.log(`missing: ${names}; tests that need them are skipped (apt packages in tools/needs)`)
  }
}

/** Runs some work while services are told not to start, and leaves the system as it was. */
function withoutServices<T>(work: () => T): T {
  const policyIsOurs = !existsSync(servicePolicy)
  if (policyIsOurs) writeFileSync(servicePolicy, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  try {
    return work()
  } finally {
    if (policyIsOurs) rmSync(servicePolicy)
  }
}

/** Installs packages; the answer is what went wrong. A new machine has no package lists yet. */
function install(packages: string[]): string | undefined {
  if (packages.includes('postgresql') && !existsSync(clusterFolder)) {
    mkdirSync(clusterFolder)
    writeFileSync(`${clusterFolder}/createcluster.conf`, 'create_main_cluster = false\n')
  }
  const options = [
    'install',
    '--yes',
    '--no-install-recommends',
    '-o',
    'Dpkg::Options::=--force-confold',
  ]
  if (apt([...options, ...packages]) === undefined) return undefined
  return apt(['update']) ?? apt([...options, ...packages])
}

/** Runs apt-get without questions; the answer is what it said if it failed. */
function apt(args: string[]): string | undefined {
  const { status, stdout, stderr } = spawnSync('apt-get', ['-q', ...args], {
    encoding: 'utf8',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  })
  return status === 0 ? undefined : `${stdout}${stderr}`.trimEnd()
}
