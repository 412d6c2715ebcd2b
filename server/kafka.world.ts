// Listeners that ask who comes, and apps that may come in.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import type { AppView } from '@fermata/contract/accounts.schema'
import type { Scope } from '@fermata/contract/actors'
import { need } from '@fermata/testkit/needs'
import type { KafkaConfig } from './config.kafka.ts'
import type { World } from './serve.world.ts'

/** What makes certificates. */
export const openssl = need('certify')

/** Everybody must say who they are. */
export const closed: KafkaConfig = {
  port: 0,
  isPortNamed: true,
  host: null,
  advertised: null,
  tls: null,
  isAnonymousAllowed: false,
}

/** An app, with a token of its own. */
export interface Program {
  readonly app: AppView
  readonly token: string
}

/** Makes an app that may do this with topics. */
export function newProgram(world: World, scopes: readonly Scope[]): Promise<Program> {
  return world.ask<Program>('POST', '/v1/apps', { name: 'Program', scopes })
}

/** Where the listener is. */
export function addressOf({ server }: World): string {
  assert.equal(server.kafka.kind, 'listens')
  return server.kafka.kind === 'listens' ? `localhost:${server.kafka.port}` : ''
}

/** Makes a certificate for this machine, signed by itself. */
export function certify(folder: string, name: string): { certFile: string; keyFile: string } {
  const certFile = `${folder}/${name}.cert.pem`
  const keyFile = `${folder}/${name}.key.pem`
  const subject = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2']
  execFileSync(
    openssl.path,
    ['req', '-x509', ...key, ...subject, '-keyout', keyFile, '-out', certFile],
    { stdio: 'ignore' },
  )
  return { certFile, keyFile }
}
