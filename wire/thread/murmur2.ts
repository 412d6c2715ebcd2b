/**
 * Which partition a key belongs to, as Kafka's own producer says it: 32-bit murmur2 with its seed, the sign taken
 * away. Source: `Utils.murmur2` and `BuiltInPartitioner` of Apache Kafka.
 */
export function partitionOfKey(key: Uint8Array, partitions: number): number {
  return (murmur2(key) & 0x7fffffff) % partitions
}

const seed = 0x9747b28c
const m = 0x5bd1e995

function murmur2(key: Uint8Array): number {
  const view = new DataView(key.buffer, key.byteOffset, key.byteLength)
  let hash = seed ^ key.length
  let at = 0
  for (; key.length - at >= 4; at += 4) {
    let k = Math.imul(view.getInt32(at, true), m)
    k = Math.imul(k ^ (k >>> 24), m)
    hash = Math.imul(hash, m) ^ k
  }
  const left = key.length - at
  if (left >= 3) hash ^= key[at + 2]! << 16
  if (left >= 2) hash ^= key[at + 1]! << 8
  if (left >= 1) hash = Math.imul(hash ^ key[at]!, m)
  hash = Math.imul(hash ^ (hash >>> 13), m)
  return hash ^ (hash >>> 15)
}
