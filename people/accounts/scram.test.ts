import assert from 'node:assert/strict'
import { createHash, createHmac } from 'node:crypto'
import { test } from 'node:test'
import { scramVerifiers, verifierFrom, verifierOf, verifierText, type ScramHash } from './scram.ts'

/** The exchange of RFC 7677 section 3, whose password is "pencil". */
const rfc7677 = {
  salt: Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64'),
  authMessage:
    'n=user,r=rOprNGfwEbeRWgbNEkqO,' +
    'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,' +
    'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0',
  proof: 'dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=',
  serverSignature: '6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=',
}

test('RFC 7677 section 3: the verifier checks the proof and signs as the example does', async () => {
  const { salt, authMessage, proof, serverSignature } = rfc7677
  const verifier = await verifierOf('sha256', 'pencil', salt)
  const signed = createHmac('sha256', verifier.serverKey).update(authMessage).digest('base64')
  assert.equal(signed, serverSignature)
  // ClientKey = ClientProof XOR HMAC(StoredKey, AuthMessage), and H(ClientKey) is the stored key.
  const signature = createHmac('sha256', verifier.storedKey).update(authMessage).digest()
  const clientKey = Buffer.from(proof, 'base64').map((byte, i) => byte ^ signature[i]!)
  assert.deepEqual(createHash('sha256').update(clientKey).digest(), verifier.storedKey)
})

test('a token is kept as two verifiers with salts of their own, and the token is in neither', async () => {
  const token = 'fma_a-token-that-is-shown-once'
  const kept = await scramVerifiers(token, 'app_01')
  const form =
    /^SCRAM-SHA-(?<bits>\d+)\$(?<turns>\d+):(?<salt>[^$]+)\$(?<stored>[^:]+):(?<server>.+)$/
  for (const [text, hash] of [
    [kept.scram_sha256, 'sha256'],
    [kept.scram_sha512, 'sha512'],
  ] as const) {
    const parts = form.exec(text)?.groups
    assert.ok(parts !== undefined)
    assert.equal(`sha${parts['bits']}`, hash satisfies ScramHash)
    const salt = Buffer.from(parts['salt']!, 'base64')
    const again = await verifierOf(hash, token, salt, Number(parts['turns']))
    assert.equal(Buffer.from(again.storedKey).toString('base64'), parts['stored'])
    assert.equal(Buffer.from(again.serverKey).toString('base64'), parts['server'])
    assert.ok(!text.includes(token))
    assert.equal(verifierText(hash, verifierFrom(text)), text)
  }
  const saltIn = (text: string) => text.split('$')[1]
  assert.notEqual(saltIn(kept.scram_sha256), saltIn(kept.scram_sha512))
  const other = await scramVerifiers('fma_another-token', 'app_01')
  assert.equal(saltIn(other.scram_sha256), saltIn(kept.scram_sha256), 'one salt for a user name')
  const foreign = await scramVerifiers(token, 'app_02')
  assert.notEqual(saltIn(foreign.scram_sha256), saltIn(kept.scram_sha256))
})
