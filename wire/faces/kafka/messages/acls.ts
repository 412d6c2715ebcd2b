import { int16, int32, int8, message, rows, string } from '../declare.ts'

// Who may do what. Sources: the Kafka protocol guide; KIP-140, KIP-290 (patterns), KIP-481 (user-principals).

// 1 brings patterns (literal where there are none), 2 is flexible, 3 the type "user".
export const describeAclsRequest = message({
  name: 'DescribeAclsRequest',
  versions: '0-3',
  flexible: '2+',
  fields: {
    resourceTypeFilter: int8(),
    resourceNameFilter: string({ nullable: true }),
    patternTypeFilter: int8({ in: '1+', otherwise: 3 }),
    principalFilter: string({ nullable: true }),
    hostFilter: string({ nullable: true }),
    operation: int8(),
    permissionType: int8(),
  },
})

export const describeAclsResponse = message({
  name: 'DescribeAclsResponse',
  versions: '0-3',
  flexible: '2+',
  fields: {
    throttleTimeMs: int32({ otherwise: 0 }),
    errorCode: int16(),
    errorMessage: string({ nullable: true }),
    resources: rows({
      resourceType: int8(),
      resourceName: string(),
      patternType: int8({ in: '1+', otherwise: 3 }),
      acls: rows({
        principal: string(),
        host: string(),
        operation: int8(),
        permissionType: int8(),
      }),
    }),
  },
})

export const createAclsRequest = message({
  name: 'CreateAclsRequest',
  versions: '0-3',
  flexible: '2+',
  fields: {
    creations: rows({
      resourceType: int8(),
      resourceName: string(),
      resourcePatternType: int8({ in: '1+', otherwise: 3 }),
      principal: string(),
      host: string(),
      operation: int8(),
      permissionType: int8(),
    }),
  },
})

export const createAclsResponse = message({
  name: 'CreateAclsResponse',
  versions: '0-3',
  flexible: '2+',
  fields: {
    throttleTimeMs: int32({ otherwise: 0 }),
    results: rows({
      errorCode: int16(),
      errorMessage: string({ nullable: true }),
    }),
  },
})

export const deleteAclsRequest = message({
  name: 'DeleteAclsRequest',
  versions: '0-3',
  flexible: '2+',
  fields: {
    filters: rows({
      resourceTypeFilter: int8(),
      resourceNameFilter: string({ nullable: true }),
      patternTypeFilter: int8({ in: '1+', otherwise: 3 }),
      principalFilter: string({ nullable: true }),
      hostFilter: string({ nullable: true }),
      operation: int8(),
      permissionType: int8(),
    }),
  },
})

export const deleteAclsResponse = message({
  name: 'DeleteAclsResponse',
  versions: '0-3',
  flexible: '2+',
  fields: {
    throttleTimeMs: int32({ otherwise: 0 }),
    filterResults: rows({
      errorCode: int16(),
      errorMessage: string({ nullable: true }),
      matchingAcls: rows({
        errorCode: int16(),
        errorMessage: string({ nullable: true }),
        resourceType: int8(),
        resourceName: string(),
        patternType: int8({ in: '1+', otherwise: 3 }),
        principal: string(),
        host: string(),
        operation: int8(),
        permissionType: int8(),
      }),
    }),
  },
})
