import { readFileSync, unwatchFile, watchFile } from 'node:fs'
import { limits } from '@fermata/base/limits'
import type { TlsMaterial } from '@fermata/wire/faces/kafka/listen'
import type { KafkaConfig } from './config.kafka.ts'

type Files = NonNullable<KafkaConfig['tls']>

/** Reads a certificate and its key. */
export function readMaterial({ certFile, keyFile }: Files): TlsMaterial {
  return { cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8') }
}

/**
 * Tells of a certificate that was renewed. Certificate and key are two files, of which one may be there before
 * the other: what does not fit is told, changes nothing, and is read again when either changes.
 */
export function watchMaterial(
  files: Files,
  hearers: {
    readonly onChanged: (material: TlsMaterial) => Promise<void>
    readonly onFault: (error: unknown) => void
  },
): () => void {
  const changed = (): void => {
    const read = async (): Promise<void> => hearers.onChanged(readMaterial(files))
    read().catch(hearers.onFault)
  }
  // By looking, because a renewed file is often another one under the same name, and may lie behind a link.
  const interval = limits.certificateLookMs
  const paths = [files.certFile, files.keyFile]
  for (const path of paths) watchFile(path, { interval, persistent: false }, changed)
  return () => {
    for (const path of paths) unwatchFile(path, changed)
  }
}
