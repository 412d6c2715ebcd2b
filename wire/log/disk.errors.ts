import { DiskFailure, type DiskFailureCode } from './disk.ts'

const codes: Readonly<Record<string, DiskFailureCode>> = {
  ENOSPC: 'disk_full',
  EDQUOT: 'disk_full',
  EFBIG: 'disk_full',
  EMFILE: 'files_exhausted',
  ENFILE: 'files_exhausted',
  ENOENT: 'absent',
  EROFS: 'disk_read_only',
  EACCES: 'disk_read_only',
  EPERM: 'disk_read_only',
}

/** What a system's error means for the log. */
export function failureOf(cause: unknown, path: string): DiskFailure {
  const { code = '', message } = cause as { readonly code?: string; readonly message: string }
  return new DiskFailure(codes[code] ?? 'failed', `${path}: ${message}`, { cause })
}
