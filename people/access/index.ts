export { rateLimiter, type RateLimiter, type Taken } from './rate.ts'
export { accessRoute } from './route.ts'
export { keysFrom, openKeyFile, SealBroken, type Keys } from './seal.ts'
