#!/usr/bin/env node
import { systemClock } from '@fermata/base/clock'
import { run } from './run.ts'

process.exitCode = await run(process.argv.slice(2), {
  env: process.env,
  out: (line) => void process.stdout.write(`${line}\n`),
  error: (line) => void process.stderr.write(`${line}\n`),
  input: process.stdin,
  clock: systemClock({ keepsAlive: true }),
})
