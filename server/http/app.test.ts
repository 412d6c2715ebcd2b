import assert from 'node:assert/strict'
import { test } from 'node:test'
import { open, rehearse } from './rehearsal.ts'

test('x', async () => {
  const { app, logged } = rehearse({ handlers: { 'setup.get': open } })
  const r = await app.inject('/v1/setup')
  console.log(r.statusCode, r.headers, r.body)
  for (const [m,u,p] of [['GET','/v1/nope'],['PUT','/v1/setup'],['GET','/v1/%zz'],['POST','/v1/sessions','x'],['GET','/healthz'],['GET','/readyz'],['GET','/metrics'],['GET','/v1/setup?a=1'],['HEAD','/v1/setup']] as const) {
    const r = await app.inject({ method: m, url: u, payload: p as any, headers: p ? {'content-type':'application/json'}:{} })
    console.log(m,u,r.statusCode, r.headers['allow'], r.body.slice(0,200), r.headers['content-security-policy'])
  }
  console.log(logged)
})
