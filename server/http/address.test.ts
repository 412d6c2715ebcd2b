import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addressKey, clientAddress, isLoopback, networksOf, plainAddress } from './address.ts'

const proxies = networksOf(['10.0.0.0/8', 'fd00::1'])

test('a forwarded address is believed from a trusted proxy only', () => {
  assert.equal(clientAddress('10.0.0.1', '203.0.113.9', proxies), '203.0.113.9')
  assert.equal(clientAddress('192.0.2.1', '203.0.113.9', proxies), '192.0.2.1')
  assert.equal(clientAddress('fd00::1', '2001:db8::9', proxies), '2001:db8::9')
  assert.equal(clientAddress('10.0.0.1', undefined, proxies), '10.0.0.1')
})

test('what a client puts in front of the chain is not believed', () => {
  const forged = '127.0.0.1, 198.51.100.4, 10.0.0.2'
  assert.equal(clientAddress('10.0.0.1', forged, proxies), '198.51.100.4')
})

test('a chain of trusted proxies ends at the farthest, and rubbish ends the belief', () => {
  assert.equal(clientAddress('10.0.0.1', '10.0.0.3, 10.0.0.2', proxies), '10.0.0.3')
  assert.equal(clientAddress('10.0.0.1', 'unknown', proxies), '10.0.0.1')
  assert.equal(clientAddress('10.0.0.1', '', proxies), '10.0.0.1')
})

test('addresses are told apart by their /64 in IPv6 and wholly in IPv4', () => {
  assert.equal(addressKey('203.0.113.9'), '203.0.113.9')
  assert.equal(addressKey('2001:db8:1:2:3:4:5:6'), '2001:db8:1:2::/64')
  assert.equal(addressKey('2001:db8::5'), '2001:db8:0:0::/64')
  assert.equal(addressKey('::1'), '0:0:0:0::/64')
})

test('an IPv4 address over an IPv6 socket reads as what it is', () => {
  assert.equal(plainAddress('::ffff:127.0.0.1'), '127.0.0.1')
  assert.equal(plainAddress('2001:db8::1'), '2001:db8::1')
  assert.ok(isLoopback('127.8.0.1') && isLoopback('::1') && !isLoopback('128.0.0.1'))
})
