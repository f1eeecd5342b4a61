// SPDX-License-Identifier: GPL-3.0-or-later
// Settings as an administrator changes them: by mouse and by keys, with what is said of a bad value, the past and the way back.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { accessible, api, base, openPage, shot, signIn } from './lib.mjs'

describe('settings', () => {
	let page, context, faults
	const row = (name) => page.locator(`#set-${name}`)
	const dialog = () => page.locator('dialog[open]')
	before(async () => {
		;({ page, context, faults } = await openPage())
		await signIn(page)
		await page.goto(base + '/settings')
		await row('session_hours').waitFor()
	})
	after(async () => {
		for (const s of (await api(page, 'GET', '/settings')).items.filter((x) => x.value !== x.default))
			await api(page, 'PUT', `/settings/${s.name}`, { value: null, reason: 'the test is over', change: s.change })
		await context.close()
		assert.deepEqual(faults, [])
	})

	test('a value is changed by keys, and a bad one is refused with its range', async () => {
		await page.getByRole('searchbox').fill('sign-in lasts without')
		assert.equal(await page.locator('tbody tr').count(), 1)
		await row('session_hours').getByRole('button', { name: 'Change session_hours' }).focus()
		await page.keyboard.press('Enter')
		await dialog().locator('#se-value').waitFor()
		await dialog().locator('#se-value').fill('500')
		await dialog().locator('#se-reason').fill('shorter days')
		await page.keyboard.press('Enter')
		await dialog().getByText('must be a whole number from 1 to 168').waitFor()
		await accessible(page, 'a bad value')
		await shot(page, 'settings-01-bad')
		await dialog().locator('#se-value').fill('8')
		await page.keyboard.press('Enter')
		await dialog().waitFor({ state: 'detached' })
		await row('session_hours').getByText('8 hours').waitFor()
		assert.match(await row('session_hours').innerText(), /default 12 hours[\s\S]*Asha Rao[\s\S]*shorter days/)
		await page.getByRole('searchbox').fill('')
	})

	test('who comes second sees what the first one did', async () => {
		await row('session_days').getByRole('button', { name: /^Change/ }).click()
		const { change } = (await api(page, 'GET', '/settings')).items.find((s) => s.name === 'session_days')
		await api(page, 'PUT', '/settings/session_days', { value: '5', reason: 'from elsewhere', change })
		await dialog().locator('#se-value').fill('6')
		await dialog().locator('#se-reason').fill('x')
		await page.keyboard.press('Enter')
		await page.locator('.toast', { hasText: 'look again' }).waitFor()
		await row('session_days').getByText('from elsewhere').waitFor()
	})

	for (const [colorScheme, viewport] of /** @type {const} */ ([['light', { width: 1440, height: 900 }], ['dark', { width: 390, height: 844 }]]))
		test(`the past is shown and put back, ${colorScheme}, ${viewport.width}`, async () => {
			await page.setViewportSize(viewport)
			await page.emulateMedia({ colorScheme })
			await shot(page, `settings-02-${colorScheme}`)
			await row('session_hours').getByRole('button', { name: /^History/ }).click()
			await dialog().locator('tbody tr').nth(1).waitFor()
			await accessible(page, 'history')
			await shot(page, `settings-03-history-${colorScheme}`)
			await dialog().getByRole('button', { name: 'Put it back to the default' }).click()
			await dialog().locator('#ask-reason').fill('as it was')
			await page.keyboard.press('Enter')
			await row('session_hours').getByText('as it was').waitFor()
			const now = (await api(page, 'GET', '/settings')).items.find((s) => s.name === 'session_hours')
			assert.equal(now.value, '12')
			await api(page, 'PUT', '/settings/session_hours', { value: '9', reason: 'once more', change: now.change })
			await page.reload()
			await row('session_hours').getByText('once more').waitFor()
		})

	test('what is switched off is offered nowhere', async () => {
		await page.setViewportSize({ width: 1440, height: 900 })
		await page.emulateMedia({ colorScheme: 'light' })
		for (const name of ['optimizer', 'password_reset', 'drop_folders', 'notice_mail']) {
			await row(name).getByRole('switch').click()
			await dialog().locator('#ask-reason').fill('too much load')
			await dialog().getByRole('button', { name: 'Switch off' }).click()
			await row(name).getByRole('switch', { checked: false }).waitFor()
		}
		await page.waitForTimeout(1500)
		await accessible(page, 'switched off')
		await shot(page, 'settings-04-off')
		await page.goto(base + '/import/watches')
		await page.getByText('An administrator switched drop folders off').waitFor()
		assert.equal(await page.getByRole('button', { name: 'New drop folder' }).count(), 0)
		await page.goto(base + '/account')
		await page.getByText('Mails of notices are switched off').waitFor()
		const unit = (await api(page, 'GET', '/territories?units=1&limit=500')).items.find((x) => x.plan && !x.locks.length)
		await page.goto(`${base}/territories/${unit.id}/plan?channel=GT`)
		await page.locator('.ws-tools').getByRole('button', { name: 'Lock and plan' }).click()
		const optimise = page.locator('.ws-tools').getByRole('button', { name: 'Optimise' })
		await optimise.and(page.locator('[aria-disabled=true]')).waitFor()
		assert.match(await optimise.getAttribute('title'), /switched the optimiser off/)
		await api(page, 'DELETE', `/territories/${unit.id}/lock?channel=GT`)
		const other = await openPage()
		await other.page.goto(base + '/login')
		await other.page.getByText('Ask an administrator for a new one').waitFor()
		assert.equal(await other.page.getByRole('link', { name: 'Forgot the password?' }).count(), 0)
		await other.context.close()
		await page.goto(base + '/settings')
		await row('optimizer').getByRole('switch').click()
		await dialog().locator('#ask-reason').fill('it is over')
		await page.keyboard.press('Enter')
		await row('optimizer').getByRole('switch', { checked: true }).waitFor()
	})

	test('who calls too often is told that it goes on, and it does', async () => {
		let refused = 0
		await page.route('**/api/v1/settings', (route) => (refused++ ? route.continue() : route.fulfill({ status: 429, contentType: 'application/json', headers: { 'Retry-After': '2' },
			body: '{"code":"ERR_AUTH_011","message":"too many requests: wait before the next one","detail":null,"correlationId":"t"}' })))
		await page.reload()
		const told = page.getByRole('status').getByText('Too many calls at once: it goes on in a moment')
		await told.waitFor()
		await accessible(page, 'it waits')
		await shot(page, 'settings-05-waits')
		await row('session_hours').waitFor()
		await told.waitFor({ state: 'detached' })
		await page.unroute('**/api/v1/settings')
	})

	test('a planner is not offered them', async () => {
		const other = await openPage()
		await signIn(other.page, 'planner', 'beatplan-demo')
		assert.equal(await other.page.locator('.nav').getByRole('link', { name: 'Settings' }).count(), 0)
		await other.context.close()
	})
})
