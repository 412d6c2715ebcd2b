import { array, boolean, int16, int32, int8, message, rows, string } from '../declare.ts'

// Settings of topics, brokers and groups. Sources: the Kafka protocol guide; KIP-133, KIP-226, KIP-339, KIP-569.

// 1 asks for synonyms, 3 for texts, 4 is flexible. Null keys ask for all.
export const describeConfigsRequest = message({
  name: 'DescribeConfigsRequest',
  versions: '0-4',
  flexible: '4+',
  fields: {
    resources: rows({
      resourceType: int8(),
      resourceName: string(),
      configurationKeys: array(string(), { nullable: true }),
    }),
    includeSynonyms: boolean({ in: '1+', otherwise: false }),
    includeDocumentation: boolean({ in: '3+', otherwise: false }),
  },
})

// 1 says where a value comes from, in place of whether it is a default; 3 its type and a text.
export const describeConfigsResponse = message({
  name: 'DescribeConfigsResponse',
  versions: '0-4',
  flexible: '4+',
  fields: {
    throttleTimeMs: int32({ otherwise: 0 }),
    results: rows({
      errorCode: int16(),
      errorMessage: string({ nullable: true }),
      resourceType: int8(),
      resourceName: string(),
      configs: rows({
        name: string(),
        value: string({ nullable: true }),
        readOnly: boolean(),
        isDefault: boolean({ in: '0', otherwise: false }),
        configSource: int8({ in: '1+', otherwise: -1 }),
        isSensitive: boolean(),
        synonyms: rows(
          {
            name: string(),
            value: string({ nullable: true }),
            source: int8(),
          },
          { in: '1+', otherwise: [] },
        ),
        configType: int8({ in: '3+', otherwise: 0 }),
        documentation: string({ in: '3+', nullable: true, otherwise: null }),
      }),
    }),
  },
})

// What is not named goes back to its default. 2 is flexible.
export const alterConfigsRequest = message({
  name: 'AlterConfigsRequest',
  versions: '0-2',
  flexible: '2+',
  fields: {
    resources: rows({
      resourceType: int8(),
      resourceName: string(),
      configs: rows({
        name: string(),
        value: string({ nullable: true }),
      }),
    }),
    validateOnly: boolean(),
  },
})

export const alterConfigsResponse = message({
  name: 'AlterConfigsResponse',
  versions: '0-2',
  flexible: '2+',
  fields: {
    throttleTimeMs: int32({ otherwise: 0 }),
    responses: rows({
      errorCode: int16(),
      errorMessage: string({ nullable: true }),
      resourceType: int8(),
      resourceName: string(),
    }),
  },
})

// Operations: 0 set, 1 delete, 2 append, 3 subtract. 1 is flexible.
export const incrementalAlterConfigsRequest = message({
  name: 'IncrementalAlterConfigsRequest',
  versions: '0-1',
  flexible: '1+',
  fields: {
    resources: rows({
      resourceType: int8(),
      resourceName: string(),
      configs: rows({
        name: string(),
        configOperation: int8(),
        value: string({ nullable: true }),
      }),
    }),
    validateOnly: boolean(),
  },
})

export const incrementalAlterConfigsResponse = message({
  name: 'IncrementalAlterConfigsResponse',
  versions: '0-1',
  flexible: '1+',
  fields: {
    throttleTimeMs: int32({ otherwise: 0 }),
    responses: rows({
      errorCode: int16(),
      errorMessage: string({ nullable: true }),
      resourceType: int8(),
      resourceName: string(),
    }),
  },
})
