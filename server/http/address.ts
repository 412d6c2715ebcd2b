import { BlockList, isIP } from 'node:net'

/** A set of addresses and networks. */
export interface Networks {
  has(address: string): boolean
}

const loopback = networksOf(['127.0.0.0/8', '::1'])

/** Reads addresses and networks (`10.0.0.7`, `fd00::/8`), as the configuration has checked them. */
export function networksOf(texts: readonly string[]): Networks {
  const list = new BlockList()
  for (const text of texts) {
    const [address = '', bits] = text.split('/')
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    if (bits === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(bits), family)
  }
  return {
    has(address) {
      const version = isIP(address)
      return version !== 0 && list.check(address, version === 6 ? 'ipv6' : 'ipv4')
    },
  }
}

/** Whether an address is this machine's own. */
export function isLoopback(address: string): boolean {
  return loopback.has(address)
}

/** An address as people write it: an IPv4 address that came over an IPv6 socket loses its wrapping. */
export function plainAddress(address: string | undefined): string {
  if (address === undefined) return ''
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address
}

/**
 * The address of the client. Each proxy appends whom it heard, so the header is read from its end and
 * believed only as long as the one who wrote it is trusted; what is no address ends the belief.
 */
export function clientAddress(
  peer: string,
  forwardedFor: string | undefined,
  trusted: Networks,
): string {
  if (forwardedFor === undefined) return peer
  let address = peer
  for (const part of forwardedFor.split(',').toReversed()) {
    if (!trusted.has(address)) return address
    const before = plainAddress(part.trim())
    if (isIP(before) === 0) return address
    address = before
  }
  return address
}

/**
 * What stands for an address when calls are counted: an IPv6 customer commonly owns a whole /64, so
 * that counting single addresses would count nobody.
 */
export function addressKey(address: string): string {
  if (!address.includes(':')) return address
  const [head = '', tail] = address.split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0')
  const groups = tail === undefined ? before : [...before, ...zeros, ...after]
  return `${groups.slice(0, 4).join(':')}::/64`
}
