import { boolean, bytes, float64, int16, int32, int8, message, rows, string } from '../declare.ts'

// Passwords and quotas. Sources: the Kafka protocol guide; KIP-546, KIP-554.

export const describeUserScramCredentialsRequest = message({
  name: 'DescribeUserScramCredentialsRequest',
  versions: '0',
  flexible: '0+',
  fields: {
    users: rows(
      {
        name: string(),
      },
      { nullable: true },
    ),
  },
})

export const describeUserScramCredentialsResponse = message({
  name: 'DescribeUserScramCredentialsResponse',
  versions: '0',
  flexible: '0+',
  fields: {
    throttleTimeMs: int32({ otherwise: 0 }),
    errorCode: int16(),
    errorMessage: string({ nullable: true }),
    results: rows({
      user: string(),
      errorCode: int16(),
      errorMessage: string({ nullable: true }),
      credentialInfos: rows({
        mechanism: int8(),
        iterations: int32(),
      }),
    }),
  },
})

export const alterUserScramCredentialsRequest = message({
  name: 'AlterUserScramCredentialsRequest',
  versions: '0',
  flexible: '0+',
  fields: {
    deletions: rows({
      name: string(),
      mechanism: int8(),
    }),
    upsertions: rows({
      name: string(),
      mechanism: int8(),
      iterations: int32(),
      salt: bytes(),
      saltedPassword: bytes(),
    }),
  },
})

export const alterUserScramCredentialsResponse = message({
  name: 'AlterUserScramCredentialsResponse',
  versions: '0',
  flexible: '0+',
  fields: {
    throttleTimeMs: int32({ otherwise: 0 }),
    results: rows({
      user: string(),
      errorCode: int16(),
      errorMessage: string({ nullable: true }),
    }),
  },
})

export const describeClientQuotasRequest = message({
  name: 'DescribeClientQuotasRequest',
  versions: '0-1',
  flexible: '1+',
  fields: {
    components: rows({
      entityType: string(),
      matchType: int8(),
      match: string({ nullable: true }),
    }),
    strict: boolean(),
  },
})

export const describeClientQuotasResponse = message({
  name: 'DescribeClientQuotasResponse',
  versions: '0-1',
  flexible: '1+',
  fields: {
    throttleTimeMs: int32({ otherwise: 0 }),
    errorCode: int16(),
    errorMessage: string({ nullable: true }),
    entries: rows(
      {
        entity: rows({
          entityType: string(),
          entityName: string({ nullable: true }),
        }),
        values: rows({
          key: string(),
          value: float64(),
        }),
      },
      { nullable: true },
    ),
  },
})

export const alterClientQuotasRequest = message({
  name: 'AlterClientQuotasRequest',
  versions: '0-1',
  flexible: '1+',
  fields: {
    entries: rows({
      entity: rows({
        entityType: string(),
        entityName: string({ nullable: true }),
      }),
      ops: rows({
        key: string(),
        value: float64(),
        remove: boolean(),
      }),
    }),
    validateOnly: boolean(),
  },
})

export const alterClientQuotasResponse = message({
  name: 'AlterClientQuotasResponse',
  versions: '0-1',
  flexible: '1+',
  fields: {
    throttleTimeMs: int32({ otherwise: 0 }),
    entries: rows({
      errorCode: int16(),
      errorMessage: string({ nullable: true }),
      entity: rows({
        entityType: string(),
        entityName: string({ nullable: true }),
      }),
    }),
  },
})
