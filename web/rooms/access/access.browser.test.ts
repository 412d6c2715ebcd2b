import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { systemClock } from '@fermata/base/clock'
import { createClient } from '@fermata/sdk/client'
import { startWorld, value, type World } from '@fermata/testkit/world'
import { chromiumHere, openDesk, startBrowser } from '../../browser.world.ts'

const { skip } = chromiumHere
let browser: Browser
let world: World

before(async () => {
  if (skip) return
  ;[browser, world] = await Promise.all([startBrowser(), startWorld()])
})
after(async () => {
  await browser?.close()
  await world?.server.close()
})

/** The link that a dialog hands over. */
function linkIn(page: Page): Promise<string> {
  return page.getByRole('dialog').getByRole('group', { name: 'Link' }).innerText()
}

async function choose(page: Page, label: RegExp, option: string): Promise<void> {
  await page.getByRole('button', { name: label }).click()
  await page.getByRole('option', { name: option, exact: true }).click()
}

/** What somebody's phone shows (RFC 6238). */
function codeOf(secret: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  const digits = [...secret].map((sign) => alphabet.indexOf(sign).toString(2).padStart(5, '0'))
  const bytes = digits.join('').match(/.{8}/g) ?? []
  const seed = Uint8Array.from(bytes, (byte) => Number.parseInt(byte, 2))
  const counter = new DataView(new ArrayBuffer(8))
  counter.setBigUint64(0, BigInt(Math.floor(systemClock().now() / 30_000)))
  const mac = createHmac('sha1', seed).update(new Uint8Array(counter.buffer)).digest()
  const number = mac.readUInt32BE((mac[19] ?? 0) & 15) & 0x7fffffff
  return String(number % 1_000_000).padStart(6, '0')
}

test(
  'somebody is invited, chooses a password, and is at work; the link is good once',
  { skip },
  async () => {
    const path = '/settings/members'
    const { page, context, faults } = await openDesk(browser, world.url, { as: world.olivia, path })
    await page.getByRole('button', { name: 'Invite somebody' }).click()
    await page
      .getByRole('dialog')
      .getByRole('textbox', { name: 'E-mail' })
      .fill('nora@acme.example')
    await choose(page, /Role/, 'Administrator')
    await page.getByRole('button', { name: 'Make the link' }).click()
    const link = await linkIn(page)
    await page.getByRole('button', { name: 'I have copied it' }).click()
    await page
      .getByRole('listitem')
      .filter({ hasText: 'nora@acme.example' })
      .getByText('Administrator')
      .waitFor()

    const nora = await openDesk(browser, world.url, { path: link.slice(world.url.length) })
    await nora.page.getByRole('heading', { name: /^Join / }).waitFor()
    await nora.page.getByText('nora@acme.example').waitFor()
    await nora.page.getByRole('textbox', { name: 'Your name' }).fill('Nora')
    await nora.page.getByRole('textbox', { name: 'Password' }).fill('a bell on every bike')
    await nora.page.getByRole('button', { name: 'Join' }).click()
    await nora.page.getByRole('navigation', { name: 'Navigation' }).waitFor()
    assert.ok(!nora.page.url().includes('token'))
    // The member comes into the list of whoever looks at it.
    await page
      .getByRole('listitem')
      .filter({ hasText: 'Nora' })
      .getByText('Administrator')
      .waitFor()

    const late = await openDesk(browser, world.url, { path: link.slice(world.url.length) })
    await late.page.getByText('was used already').waitFor()
    await late.page.getByRole('button', { name: 'Back to signing in' }).click()
    await late.page.getByRole('textbox', { name: 'Password' }).waitFor()
    assert.deepEqual([...faults, ...nora.faults], [])
    await Promise.all([context.close(), nora.context.close(), late.context.close()])
  },
)

test('an administrator sees what they may do, and no more', { skip }, async () => {
  const client = value(
    await world.olivia.client.members.add({
      body: {
        name: 'Adam',
        email: 'adam@acme.example',
        role: 'admin',
        password: 'a bell on every bike',
      },
    }),
  )
  assert.equal(client.role, 'admin')
  const desk = await openDesk(browser, world.url, {})
  await desk.page.getByRole('textbox', { name: 'E-mail' }).fill('adam@acme.example')
  await desk.page.getByRole('textbox', { name: 'Password' }).fill('a bell on every bike')
  await desk.page.getByRole('button', { name: 'Sign in' }).click()
  await desk.page.getByRole('navigation', { name: 'Navigation' }).waitFor()
  await desk.page.goto(`${world.url}/settings/members`)
  const names = desk.page.getByRole('navigation', { name: 'Settings' })
  await names.getByRole('link', { name: 'Audit log' }).waitFor()
  assert.equal(await names.getByRole('link', { name: 'Workspaces' }).count(), 0)
  await desk.page.getByRole('button', { name: 'Invite somebody' }).click()
  await desk.page.getByRole('dialog').getByRole('button', { name: /Role/ }).click()
  await desk.page.getByRole('option', { name: 'Administrator' }).waitFor()
  assert.equal(await desk.page.getByRole('option', { name: 'Owner' }).count(), 0)
  await desk.context.close()
})

test(
  'a role is made, given and changed, and the screen of who has it follows',
  { skip },
  async () => {
    const path = '/settings/roles'
    const { page, context, faults } = await openDesk(browser, world.url, { as: world.olivia, path })
    await page.getByRole('button', { name: 'Add a role' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('textbox', { name: 'Name' }).fill('Team lead')
    await dialog.getByText('Manage teams').click()
    await dialog.getByRole('button', { name: 'Add a role' }).click()
    await page.getByText('Allows 3 things').waitFor()
    await page.getByRole('link', { name: 'Members' }).click()
    await page.getByRole('button', { name: 'Edit Ana' }).click()
    await page.getByRole('dialog').getByRole('button', { name: /Role/ }).click()
    await page.getByRole('option', { name: 'Team lead' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
    await page.getByRole('listitem').filter({ hasText: 'Ana' }).getByText('Team lead').waitFor()
    const ana = await openDesk(browser, world.url, { as: world.ana, path: '/settings' })
    const names = ana.page.getByRole('navigation', { name: 'Settings' })
    await names.getByRole('link', { name: 'Teams' }).waitFor()
    await page.getByRole('link', { name: 'Roles' }).click()
    await page.getByRole('button', { name: 'Edit Team lead' }).click()
    await dialog.getByText('Read the audit log').click()
    await dialog.getByRole('button', { name: 'Save' }).click()
    await names.getByRole('link', { name: 'Audit log' }).waitFor()
    assert.deepEqual(faults, [])
    await Promise.all([context.close(), ana.context.close()])
  },
)

test('an app gets a new token beside the old one, which is then revoked', { skip }, async () => {
  const body = { name: 'Turner', scopes: ['conversations:read' as const] }
  const first = value(await world.olivia.client.apps.add({ body })).token
  const path = '/settings/apps'
  const { page, context, faults } = await openDesk(browser, world.url, { as: world.olivia, path })
  await page.getByRole('button', { name: 'Tokens of Turner' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'New token' }).click()
  const second = await dialog.getByRole('group', { name: 'Token' }).innerText()
  const works = async (token: string): Promise<boolean> =>
    (await createClient({ url: world.url, token }).conversations.list()).ok
  assert.deepEqual([await works(first), await works(second)], [true, true])
  await dialog
    .getByRole('listitem')
    .filter({ hasText: 'until' })
    .getByRole('button', { name: 'Revoke' })
    .click()
  await page.getByText('The token is void.').waitFor()
  assert.deepEqual([await works(first), await works(second)], [false, true])
  assert.deepEqual(faults, [])
  await context.close()
})

test(
  'a forgotten password is asked for, handed over, and set; then a second factor is turned on and asked for',
  { skip },
  async () => {
    const { page, context } = await openDesk(browser, world.url, {})
    await page.getByRole('button', { name: 'Forgot your password?' }).click()
    await page.getByRole('textbox', { name: 'E-mail' }).fill(world.ben.email)
    await page.getByRole('button', { name: 'Ask for a link' }).click()
    await page.getByText('Ask an administrator for the link').waitFor()
    const path = '/settings/members'
    const desk = await openDesk(browser, world.url, { as: world.olivia, path })
    const waits = desk.page.getByRole('region', { name: 'New passwords asked for' })
    const line = desk.page.getByRole('listitem').filter({ hasText: world.ben.email })
    await line.getByRole('button', { name: 'Show the link' }).click()
    await page.goto(await linkIn(desk.page))
    await page.getByRole('textbox', { name: 'Password' }).fill('two bells on every bike')
    await page.getByRole('button', { name: 'Set the password' }).click()
    await page.getByRole('button', { name: 'Back to signing in' }).click()
    const signIn = async (): Promise<void> => {
      await page.getByRole('textbox', { name: 'E-mail' }).fill(world.ben.email)
      await page.getByRole('textbox', { name: 'Password' }).fill('two bells on every bike')
      await page.getByRole('button', { name: 'Sign in' }).click()
    }
    await signIn()
    await page.getByRole('navigation', { name: 'Navigation' }).waitFor()
    await page.goto(`${world.url}/settings/profile`)
    await page.getByRole('button', { name: 'Turn it on' }).click()
    await page.getByRole('textbox', { name: 'Your password' }).fill('two bells on every bike')
    await page.getByRole('button', { name: 'Go on' }).click()
    await page.getByRole('img', { name: 'The key, for a camera' }).waitFor()
    const secret = await page.getByRole('group', { name: 'Key' }).innerText()
    await page.getByRole('textbox', { name: 'Code' }).fill(codeOf(secret))
    await page.getByRole('button', { name: 'Take it into use' }).click()
    const codes = (await page.getByRole('group', { name: 'Recovery codes' }).innerText()).split(
      '\n',
    )
    await page.getByRole('button', { name: 'I have copied it' }).click()
    await page.getByText('10 recovery codes are left.').waitFor()
    await context.clearCookies()
    await page.goto(world.url)
    await signIn()
    await page.getByRole('textbox', { name: 'Code' }).fill(codes[0]!)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('navigation', { name: 'Navigation' }).waitFor()
    assert.equal(await waits.count(), 0)
    await Promise.all([context.close(), desk.context.close()])
  },
)

test('the audit log is filtered and exported', { skip }, async () => {
  const path = '/settings/audit'
  const { page, context, faults } = await openDesk(browser, world.url, { as: world.olivia, path })
  const list = page.getByRole('main').getByRole('listitem')
  await list.first().waitFor()
  await choose(page, /What/, 'added the role …')
  await page.getByText('added the role Team lead').waitFor()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export' }).click(),
  ])
  assert.equal(download.suggestedFilename(), 'audit-log.csv')
  const text = await (await download.createReadStream()).toArray()
  assert.match(
    Buffer.concat(text as Buffer[]).toString(),
    /^time,actor,.*\r\n.*,role\.added,rol_\w+,Team lead,/,
  )
  assert.deepEqual(faults, [])
  await context.close()
})

test('a second workspace is made, and who is in both chooses', { skip }, async () => {
  const path = '/settings/workspaces'
  const { page, context, faults } = await openDesk(browser, world.url, { as: world.olivia, path })
  await page.getByRole('textbox', { name: 'Workspace' }).fill('Acme Boats')
  await page.getByRole('textbox', { name: 'Owner’s name' }).fill('Olivia')
  await page.getByRole('textbox', { name: 'E-mail' }).fill(world.olivia.email)
  await page.getByRole('textbox', { name: 'Password' }).fill(world.olivia.password)
  await page.getByRole('button', { name: 'Make the workspace' }).click()
  await page.getByText('Acme Boats is there.').waitFor()
  const fresh = await openDesk(browser, world.url, {})
  await fresh.page.getByRole('textbox', { name: 'E-mail' }).fill(world.olivia.email)
  await fresh.page.getByRole('textbox', { name: 'Password' }).fill(world.olivia.password)
  await fresh.page.getByRole('button', { name: 'Sign in' }).click()
  await fresh.page.getByRole('radio', { name: 'Acme Boats' }).click({ force: true })
  await fresh.page.getByRole('button', { name: 'Sign in' }).click()
  await fresh.page.getByRole('navigation', { name: 'Navigation' }).waitFor()
  await fresh.page.goto(`${world.url}/settings/members`)
  await fresh.page.getByText('(you)').waitFor()
  assert.equal(await fresh.page.getByText('Ana').count(), 0)
  assert.deepEqual(faults, [])
  await Promise.all([context.close(), fresh.context.close()])
})
