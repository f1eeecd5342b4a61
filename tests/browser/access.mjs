// SPDX-License-Identifier: GPL-3.0-or-later
// The own account, programs, the second factor, and administrators over users.
import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { totp } from '../totp.mjs'
import { accessible, api, base, openPage, shot, signIn } from './lib.mjs'

const call = (path, key) => fetch(`${base}/api/v1${path}`, { headers: { Authorization: `Bearer ${key}` } })
const dialog = (page) => page.locator('dialog[open]')

describe('access', () => {
	let page, context, faults, user
	const as = async (...who) => {
		await context.clearCookies()
		await signIn(page, ...who)
	}
	const done = () => dialog(page).getByRole('button', { name: 'Done' }).click()
	before(async () => {
		;({ page, context, faults } = await openPage())
		await signIn(page)
		const username = `access.${Date.now().toString(36)}`
		const made = await api(page, 'POST', '/users', { username, name: 'Aki Cess', email: `${username}@example.org`, scopes: [{ territoryId: null, role: 'gt_planner' }] })
		user = { id: made.id, username, password: made.password }
	})
	after(async () => {
		await context.close()
		assert.deepEqual(faults, [])
	})

	test('people see where they are signed in, and end one session', async () => {
		await as(user.username, user.password)
		const other = await openPage({ userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' })
		await signIn(other.page, user.username, user.password)
		await page.locator('.nav').getByRole('link', { name: 'Account' }).click()
		await page.getByText('this one').waitFor()
		await page.getByRole('button', { name: 'End the session of Firefox on Linux' }).click()
		await page.getByText('That session is over').waitFor()
		await page.getByText('Firefox on Linux').waitFor({ state: 'detached' })
		await other.page.goto(`${base}/outlets`)
		await other.page.locator('#username').waitFor()
		await other.context.close()
	})

	test('a key is made with the keyboard, shown once, works, and is revoked', async () => {
		await page.getByRole('button', { name: 'New API key' }).focus()
		await page.keyboard.press('Enter')
		await page.keyboard.type('nightly export')
		await page.keyboard.press('Tab')
		assert.ok(await page.getByLabel('see territories, outlets and plans').evaluate((x) => x === document.activeElement && x.checked))
		await page.getByLabel('export plans and data').focus()
		await page.keyboard.press('Space')
		await accessible(page, 'new key')
		await shot(page, 'access-new-key')
		await page.getByRole('button', { name: 'Make the key' }).focus()
		await page.keyboard.press('Enter')
		const key = await page.locator('#one-time').innerText()
		assert.match(key, /^bpk_/)
		await accessible(page, 'a key, once')
		await shot(page, 'access-key-once')
		await done()
		const may = (await (await call('/auth/me', key)).json()).permissions
		assert.deepEqual(may, ['VIEW_TERRITORY', 'EXPORT_DATA'])
		await page.reload()
		await page.getByRole('button', { name: 'Revoke nightly export' }).waitFor()
		assert.ok(!(await page.content()).includes(key))
		await accessible(page, 'account')
		await shot(page, 'access-account')
		await page.getByRole('button', { name: 'Revoke nightly export' }).click()
		await dialog(page).getByRole('button', { name: 'Revoke' }).click()
		await page.getByText('You have no keys.').waitFor()
		assert.equal((await call('/auth/me', key)).status, 401)
	})

	test('a key without a name or permission says what is missing', async () => {
		await page.getByRole('button', { name: 'New API key' }).click()
		await page.getByLabel('see territories, outlets and plans').uncheck()
		await page.getByRole('button', { name: 'Make the key' }).click()
		await dialog(page).getByRole('alert').first().waitFor()
		await page.keyboard.press('Escape')
		await dialog(page).waitFor({ state: 'detached' })
	})

	test('a program is let in, after the password was given again, and shut out', async () => {
		let asked = 0 /* as when the sign-in was long ago */
		await page.route('**/api/v1/auth/tokens', (r) => (r.request().method() === 'POST' && !asked++
			? r.fulfill({ status: 403, contentType: 'application/json', body: '{"code":"ERR_AUTH_013","message":"give your password again first","detail":null}' }) : r.continue()))
		await page.getByRole('button', { name: 'Let a program in' }).click()
		await page.keyboard.type('ERP')
		await page.keyboard.press('Enter')
		await page.locator('#proof-password').waitFor()
		await page.keyboard.type('not this one')
		await page.keyboard.press('Enter')
		await page.getByText('That is not your password.').waitFor()
		await accessible(page, 'the password again')
		await shot(page, 'access-proof')
		await page.locator('#proof-password').fill(user.password)
		await page.keyboard.press('Enter')
		const access = await page.locator('#one-time').innerText()
		assert.equal((await call('/auth/me', access)).status, 200)
		await shot(page, 'access-tokens-once')
		await done()
		await page.getByRole('button', { name: 'Shut ERP out' }).click()
		await dialog(page).getByRole('button', { name: 'Shut out' }).click()
		await page.locator('.chip', { hasText: 'shut out' }).waitFor()
		assert.equal((await call('/auth/me', access)).status, 401)
	})

	test('a second factor is set up with its QR code, and asked for at sign-in', async () => {
		await page.getByRole('button', { name: 'Set up', exact: true }).click()
		const secret = (await page.locator('#factor-secret').innerText()).replaceAll(' ', '')
		assert.match(secret, /^[A-Z2-7]{32}$/)
		assert.ok((await page.locator('.qr path').getAttribute('d')).length > 2000)
		await accessible(page, 'second factor')
		await shot(page, 'access-factor')
		await page.keyboard.type('000000')
		await page.keyboard.press('Enter')
		await page.getByText('The code is wrong, too old, or was used before.').waitFor()
		await page.locator('#prove-code').fill(totp(secret))
		await page.keyboard.press('Enter')
		const codes = (await page.locator('#one-time').innerText()).split('\n')
		assert.equal(codes.length, 10)
		await shot(page, 'access-recovery')
		await done()
		await page.getByText('10 recovery codes are left.').waitFor()

		await page.locator('nav').getByRole('button', { name: 'Sign out' }).click()
		await page.locator('#username').fill(user.username)
		await page.locator('#password').fill(user.password)
		await page.keyboard.press('Enter')
		await page.locator('#code').waitFor()
		await accessible(page, 'sign-in with code')
		await shot(page, 'access-login-code')
		await page.locator('#code').fill('123456')
		await page.keyboard.press('Enter')
		await page.getByRole('alert').waitFor()
		assert.ok(await page.locator('#code').isVisible())
		await page.locator('#code').fill(codes[0])
		await page.keyboard.press('Enter')
		await page.waitForSelector('nav.nav')
		await page.locator('.nav').getByRole('link', { name: 'Account' }).click()
		await page.getByText('9 recovery codes are left.').waitFor()

		await page.getByRole('button', { name: 'New recovery codes' }).click()
		await page.keyboard.type(codes[1])
		await page.keyboard.press('Enter')
		const fresh = (await page.locator('#one-time').innerText()).split('\n')
		await done()
		await page.getByRole('button', { name: 'Give up' }).click()
		await page.keyboard.type(fresh[0])
		await page.keyboard.press('Enter')
		await page.getByText('The second factor is given up').waitFor()
		await page.getByRole('button', { name: 'Set up', exact: true }).waitFor()
	})

	test('a forgotten password is renewed by the link of a mail', async () => {
		await context.clearCookies()
		await page.goto(`${base}/login`)
		await page.getByRole('link', { name: 'Forgot the password?' }).click()
		await page.getByLabel('User name or mail address').fill(user.username)
		await accessible(page, 'ask for a link')
		await shot(page, 'access-reset-ask')
		await page.keyboard.press('Enter')
		await page.getByText('a link is on its way').waitFor()
		const state = process.env.BEATPLAN_STATE
		let link
		for (let i = 0; i < 100 && !link; i++) {
			await page.waitForTimeout(100)
			const mails = readdirSync(join(state, 'mail')).map((f) => readFileSync(join(state, 'mail', f), 'utf8')).filter((m) => m.includes(`To: ${user.username}@`))
			link = /\/reset#[\w-]+/.exec(mails[0] ?? '')?.[0]
		}
		await page.goto(base + link)
		await page.getByLabel('New password').fill('short')
		await page.keyboard.press('Enter')
		user.password = 'a much longer one'
		await page.getByLabel('New password').fill(user.password)
		await shot(page, 'access-reset-set')
		await page.keyboard.press('Enter')
		await page.locator('#username').waitFor()
		await page.goto(base + link)
		await page.getByLabel('New password').fill('another long one')
		await page.keyboard.press('Enter')
		await page.getByText('ERR_AUTH_012').waitFor()
		await as(user.username, user.password)
	})

	test('an administrator reads roles as sentences and gives one for a territory', async () => {
		await as()
		await page.goto(`${base}/users?q=${user.username}`)
		await page.getByText('GT planner, everywhere').waitFor()
		await page.getByRole('button', { name: 'Change' }).click()
		await dialog(page).getByText('GT planner, everywhere: see territories, outlets and plans').waitFor()
		await page.getByLabel('Where').selectOption({ index: 1 })
		await dialog(page).getByText(/GT planner in .+ and below:/).waitFor()
		await accessible(page, 'user dialog')
		await shot(page, 'access-user')
		await dialog(page).getByRole('button', { name: 'Save' }).click()
		await page.getByText(/GT planner in .+ and below/).waitFor()
		await accessible(page, 'users')
		await shot(page, 'access-users')
	})

	test('a lock-out is seen and lifted', async () => {
		for (let i = 0; i < 8; i++)
			await fetch(`${base}/api/v1/auth/login`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ username: user.username, password: 'wrong' }) })
		await page.reload()
		await page.locator('.chip', { hasText: 'must wait' }).waitFor()
		await page.getByRole('button', { name: /^More for/ }).click()
		await shot(page, 'access-user-menu')
		await page.getByRole('menuitem', { name: 'Let them try again' }).click()
		await page.getByText('They may try again').waitFor()
		await page.locator('.chip', { hasText: 'must wait' }).waitFor({ state: 'detached' })
	})

	test('an administrator sees what a user sees, and changes nothing', async () => {
		await page.getByRole('button', { name: /^More for/ }).click()
		await page.getByRole('menuitem', { name: 'See what they see' }).click()
		await page.getByText('You see what Aki Cess sees. Nothing can be changed.').waitFor()
		assert.ok(!(await page.locator('.nav a.item span').allInnerTexts()).includes('Users'))
		await page.goto(`${base}/account`)
		await page.getByRole('heading', { name: 'Aki Cess' }).waitFor()
		assert.equal(await page.getByText('API keys').count(), 0)
		await accessible(page, 'viewing')
		await shot(page, 'access-viewing')
		const unit = (await api(page, 'GET', '/territories?units=1&limit=1')).items[0]
		await page.goto(`${base}/territories/${unit.id}/plan`)
		await page.locator('.ws-tools').waitFor()
		await shot(page, 'access-viewing-workspace')
		await page.locator('.ws-tools').getByRole('button', { name: 'Lock and plan' }).click()
		await page.getByText("You look through somebody else's eyes").waitFor()
		await page.getByRole('button', { name: 'Stop' }).click()
		await page.waitForURL(/\/users$/)
		await page.locator('.nav').getByRole('link', { name: 'Users' }).waitFor()
	})

	test('all sessions of a user are ended, and a lost factor is taken away', async () => {
		const other = await openPage()
		await signIn(other.page, user.username, user.password)
		const made = await api(other.page, 'POST', '/auth/second-factor')
		await api(other.page, 'POST', '/auth/second-factor/confirm', { code: totp(made.secret) })
		await page.goto(`${base}/users?q=${user.username}`)
		await page.locator('.chip', { hasText: 'second factor' }).waitFor()
		await page.getByRole('button', { name: /^More for/ }).click()
		await page.getByRole('menuitem', { name: 'Take the second factor away' }).click()
		await dialog(page).getByRole('button', { name: 'Take away' }).click()
		await page.getByText('The second factor is gone').waitFor()
		await page.getByRole('button', { name: /^More for/ }).click()
		await page.getByRole('menuitem', { name: 'End all their sessions' }).click()
		await dialog(page).getByRole('button', { name: 'End all' }).click()
		await page.getByText('They are signed out everywhere').waitFor()
		await other.page.goto(`${base}/outlets`)
		await other.page.locator('#username').waitFor()
		await other.context.close()
	})

	for (const [what, how] of [['dark', { colorScheme: 'dark' }], ['narrow', { viewport: { width: 390, height: 844 } }]])
		test(`the screens are fit to be used: ${what}`, async () => {
			const other = await openPage(how)
			await signIn(other.page)
			for (const path of ['account', 'users', 'reset']) {
				await other.page.goto(`${base}/${path}`)
				await other.page.locator('h1').waitFor()
				await other.page.waitForTimeout(500)
				await accessible(other.page, `${path}, ${what}`)
				await shot(other.page, `access-${path}-${what}`)
			}
			await other.context.close()
		})
})
