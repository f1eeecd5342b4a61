// SPDX-License-Identifier: GPL-3.0-or-later
// What each role is offered: nothing that is refused then, and a reason for what it sees but may not do.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { api, base, freeUnit, openPage, shot, signIn } from './lib.mjs'

const password = 'beatplan-demo'
const entries = (page) => page.locator('.nav a.item span').allInnerTexts()

describe('roles', () => {
	let page, context, faults
	const as = async (...who) => {
		await context.clearCookies()
		await signIn(page, ...who)
	}
	before(async () => {
		;({ page, context, faults } = await openPage())
	})
	after(async () => {
		await context.close()
		assert.deepEqual(faults, [])
	})

	test('a planner of modern trade comes to a plan of modern trade and may lock it', async () => {
		await as('mtplanner', password)
		const unit = await freeUnit(page)
		await page.locator('.nav').getByRole('link', { name: 'Territories' }).click()
		await page.locator('.segmented [aria-pressed=true]', { hasText: 'MT' }).waitFor()
		await page.getByRole('link', { name: unit.name, exact: true }).click()
		await page.waitForURL(/channel=MT/)
		await page.getByRole('button', { name: 'Lock and plan' }).first().click()
		await page.locator('.chip', { hasText: 'yours' }).waitFor()
		await api(page, 'DELETE', `/territories/${unit.id}/lock?channel=MT`)
		// The other channel is there to read, and says why it cannot be locked.
		await page.locator('.ws-bar .segmented').getByRole('button', { name: 'GT' }).click()
		await page.waitForURL(/channel=GT/)
		const lock = page.locator('.ws-tools').getByRole('button', { name: 'Lock and plan' })
		await lock.and(page.locator('[aria-disabled=true]')).waitFor()
		assert.match(await lock.getAttribute('title'), /may not plan general trade/)
	})

	test('a distributor reads, and meets no button that is refused', async () => {
		await as('dt', password)
		// The count of notices beside: a commit is told to distributors too.
		assert.deepEqual((await entries(page)).filter((e) => !/^\d+$/.test(e)), ['Home', 'Territories', 'Outlets', 'Data', 'Team', 'Jobs', 'Notices', 'Account'])
		assert.equal(await page.locator('a[href^="/exports"], a[href="/import"]').count(), 0)
		const unit = (await api(page, 'GET', '/territories?units=1&limit=500')).items.find((x) => x.plan)
		await page.goto(`${base}/territories/${unit.id}/plan`)
		const lock = page.locator('.ws-tools').getByRole('button', { name: 'Lock and plan' })
		await lock.and(page.locator('[aria-disabled=true]')).waitFor()
		assert.match(await lock.getAttribute('title'), /may not plan/)
		await page.locator('.ws-tools').getByRole('button', { name: 'More' }).click()
		assert.match(await page.getByRole('menuitem', { name: 'Export' }).getAttribute('title'), /may not export/)
		await page.keyboard.press('Escape')
		await page.goto(`${base}/territories/${unit.id}/versions?channel=${unit.plan.channel}`)
		await page.locator('tbody tr').first().waitFor()
		assert.equal(await page.locator('td.actions').getByRole('button').or(page.locator('td.actions a')).count(), 0)
	})

	test('who imports, manages and audits in one territory only is not offered the whole world', async () => {
		await as()
		const unit = (await api(page, 'GET', '/territories?units=1&limit=1')).items[0]
		const username = `scoped.${Date.now().toString(36)}`
		const made = await api(page, 'POST', '/users', { username, name: 'Scoped', scopes: [{ territoryId: unit.id, role: 'admin' }] })
		await as(username, made.password)
		const offered = await entries(page)
		for (const name of ['Import', 'Users', 'Audit'])
			assert.ok(!offered.includes(name), name)
		assert.equal(await page.locator('a[href="/import"]').count(), 0)
	})

	test('the team is looked at and searched', async () => {
		await as()
		await page.locator('.nav').getByRole('link', { name: 'Team' }).click()
		await page.locator('tbody tr').first().waitFor()
		const code = await page.locator('tbody tr td:first-child b').first().innerText()
		await page.getByRole('searchbox').fill(code)
		await page.waitForURL(/q=/)
		await page.waitForFunction((c) => [...document.querySelectorAll('tbody tr td:first-child b')].every((x) => x.textContent.startsWith(c)), code)
		await page.getByRole('button', { name: 'Distributors' }).click()
		await page.locator('th', { hasText: 'Outlets' }).waitFor()
		await page.getByRole('searchbox').fill('nobody of this name')
		await page.getByText('Nothing fits this search.').waitFor()
	})

	test('days that are over can be read only', async () => {
		const unit = (await api(page, 'GET', '/territories?units=1&limit=500')).items.find((x) => x.plan && x.seats && !x.locks.length)
		await page.goto(`${base}/territories/${unit.id}/plan?channel=${unit.plan.channel}`)
		await page.getByRole('button', { name: 'Lock and plan' }).first().click()
		await page.locator('.chip', { hasText: 'yours' }).waitFor()
		try {
			for (let i = 0; i < 2; i++)
				await page.getByRole('button', { name: 'Previous cycle' }).click()
			await page.locator('.board .cell.past').first().waitFor()
			assert.equal(await page.locator('.board .cell.past[data-drop]').count(), 0)
			await page.locator('.board .cell.past:not(.none)').first().click()
			await page.getByText('This day is over: it can be read only.').waitFor()
			await page.locator('.stops .btn').first().click()
			assert.deepEqual(await page.getByRole('menuitem').allInnerTexts().then((l) => l.map((x) => x.split('\n')[0].trim())), ['Why here?', 'Comments', 'Outlet details'])
			await page.keyboard.press('Escape')
			await page.locator('.stops li').first().press('m')
			assert.equal(await page.locator('dialog[open]').count(), 0)
			await shot(page, 'roles-past')
		} finally {
			await api(page, 'DELETE', `/territories/${unit.id}/lock?channel=${unit.plan.channel}`)
		}
	})

	test('signing out is one click from every screen, and leaves nothing in the tab', async () => {
		const { page: p, context: c } = await openPage()
		await signIn(p)
		const unit = (await api(p, 'GET', '/territories?units=1&limit=500')).items.find((x) => x.plan)
		await p.goto(`${base}/territories/${unit.id}/plan?channel=${unit.plan.channel}`)
		await p.locator('.board [data-cell]').first().waitFor()
		await p.evaluate(() => Object.assign(window, { before: 1 }))
		await p.locator('nav').getByRole('button', { name: 'Sign out' }).click()
		await p.locator('#password').waitFor()
		assert.equal(await p.evaluate(() => 'before' in window), false)
		assert.equal((await p.request.get(`${base}/api/v1/auth/me`)).status(), 401)
		await c.close()
	})
})
