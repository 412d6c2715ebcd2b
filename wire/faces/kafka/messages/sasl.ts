import { array, bytes, int16, int64, message, string } from '../declare.ts'

// Who the client is. After a handshake of version 0 the tokens go over the line in frames without any header; after one of
// version 1 in SaslAuthenticate. Sources: the Kafka protocol guide; KIP-43, KIP-152, KIP-368.

export const saslHandshakeRequest = message({
  name: 'SaslHandshakeRequest',
  versions: '0-1',
  flexible: 'none',
  fields: {
    mechanism: string(),
  },
})

export const saslHandshakeResponse = message({
  name: 'SaslHandshakeResponse',
  versions: '0-1',
  flexible: 'none',
  fields: {
    errorCode: int16(),
    mechanisms: array(string()),
  },
})

export const saslAuthenticateRequest = message({
  name: 'SaslAuthenticateRequest',
  versions: '0-2',
  flexible: '2+',
  fields: {
    authBytes: bytes(),
  },
})

// 1 says after how long to prove it again. 2 is flexible.
export const saslAuthenticateResponse = message({
  name: 'SaslAuthenticateResponse',
  versions: '0-2',
  flexible: '2+',
  fields: {
    errorCode: int16(),
    errorMessage: string({ nullable: true }),
    authBytes: bytes(),
    sessionLifetimeMs: int64({ in: '1+', otherwise: 0 }),
  },
})
