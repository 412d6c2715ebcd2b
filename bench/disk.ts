import {
  closeSync,
  cpSync,
  fdatasyncSync,
  fsyncSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { timesOf } from './figures.ts'

const probeMs = 1_000

/**
 * How long this disk takes to flush 4 KiB that are written over, by itself and before the workload.
 * No durable post can be faster, and what else uses the disk shows here.
 */
export function flushTimes(): { readonly diskFlushP50Ms: number; readonly diskFlushP99Ms: number } {
  const folder = mkdtempSync(join(tmpdir(), 'fermata-disk-'))
  const file = openSync(join(folder, 'probe'), 'w')
  const page = Buffer.alloc(4_096, 1)
  writeSync(file, page, 0, page.length, 0)
  fdatasyncSync(file)
  const times: number[] = []
  const untilMs = performance.now() + probeMs
  while (performance.now() < untilMs) {
    const since = performance.now()
    writeSync(file, page, 0, page.length, 0)
    fdatasyncSync(file)
    times.push(performance.now() - since)
  }
  closeSync(file)
  rmSync(folder, { recursive: true })
  const { p50Ms, p99Ms } = timesOf(times)
  return { diskFlushP50Ms: p50Ms, diskFlushP99Ms: p99Ms }
}

/**
 * Copies a folder and waits until the copy is on disk. Otherwise the first flush of whoever works in it has to write the
 * whole copy, and everybody waits for that: gigabytes that no server in service ever has ahead of it.
 */
export function copyToDisk(from: string, to: string): void {
  cpSync(from, to, { recursive: true })
  for (const entry of readdirSync(to, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const file = openSync(join(entry.parentPath, entry.name), 'r+')
    fsyncSync(file)
    closeSync(file)
  }
}
