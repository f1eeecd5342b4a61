// SPDX-License-Identifier: GPL-3.0-or-later
// One planner in two tabs, and a lock that somebody breaks: no change is lost, and whoever only looks learns of it too.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { accessible, api, base, openPage, plannedUnit, shot, signIn, slow, until } from './lib.mjs'

describe('two tabs', () => {
	let one, two, other, context, faults, unit, session
	const dialog = (page) => page.locator('dialog[open]')
	const draft = () => api(other.page, 'GET', `/planning/sessions/${session}/draft`)
	const address = () => `${base}/territories/${unit.id}/plan?channel=GT`
	const day = async (page) => {
		await page.locator('.board [data-cell]').first().waitFor()
		const cell = await page.evaluate(() => [...document.querySelectorAll('.board [data-cell]')].map((c) => ({ at: c.dataset.cell, n: Number.parseInt(c.textContent || '0', 10) || 0 })).sort((a, b) => b.n - a.n)[0].at)
		await page.locator(`[data-cell="${cell}"]`).click()
		await page.locator('.stops li').nth(9).waitFor()
	}
	/** The outlet that leaves. */
	const takeOut = async (page, n, by) => {
		const need = Number(await page.locator('.stops li').nth(n).getAttribute('data-need')), row = page.locator(`.stops li[data-need="${need}"]`)
		if (by === 'mouse') {
			await row.click()
			await page.locator('.ws-tools').getByRole('button', { name: 'More' }).click()
			await page.getByRole('menuitem', { name: 'Take out of the plan' }).click()
			await dialog(page).getByRole('button', { name: 'Take out' }).click()
		} else {
			await row.focus()
			await page.keyboard.press('Space')
			await page.keyboard.press('Delete')
			await dialog(page).locator('#ask-reason').focus()
			await page.keyboard.press('Enter')
		}
		await dialog(page).waitFor({ state: 'detached' })
		await row.waitFor({ state: 'detached' })
		return need
	}
	const isOut = async (...needs) => until(async () => {
		const d = await draft()
		return needs.every((n) => d.unserved.need.includes(n))
	}, `${needs.join(', ')} left the plan`)

	before(async () => {
		;({ page: one, context, faults } = await openPage())
		await signIn(one, 'planner', 'beatplan-demo')
		other = await openPage()
		await signIn(other.page)
		unit = await plannedUnit(one)
		await one.goto(address())
		await one.locator('.ws-tools').getByRole('button', { name: 'Lock and plan' }).click()
		await one.locator('.ws-bar .chip.accent').waitFor()
		session = (await api(one, 'GET', '/planning/sessions')).items.find((s) => s.territoryId === unit.id && s.channel === 'GT' && s.status === 'ACTIVE').id
		two = await context.newPage()
		await two.goto(address())
		await two.locator('.ws-bar .chip.accent').waitFor()
		for (const page of [one, two]) {
			await page.getByRole('button', { name: 'Next cycle' }).click()
			await day(page)
		}
	})
	after(async () => {
		await api(other.page, 'DELETE', `/territories/${unit.id}/lock?channel=GT&reason=over`).catch(() => {})
		await context.close()
		await other.context.close()
		assert.deepEqual([...faults, ...other.faults], [])
	})

	for (const by of /** @type {const} */ (['mouse', 'keyboard']))
		test(`both change the plan, one after the other, and both changes count: by ${by}`, async () => {
			const a = await takeOut(one, 2, by), b = await takeOut(two, 4, by)
			assert.notEqual(a, b)
			await isOut(a, b)
			await two.locator('.save-state', { hasText: 'Saved' }).waitFor()
			await two.locator(`.stops li[data-need="${a}"]`).waitFor({ state: 'detached' }) // it shows what the other did
		})

	test('what one holds without a network the other does not erase, and the next one that opens sends it', async () => {
		await slow(one, -1, true)
		const a = await takeOut(one, 1, 'mouse')
		await one.locator('#held', { hasText: '1 change waits here' }).waitFor()
		const b = await takeOut(two, 3, 'mouse')
		await isOut(b)
		assert.ok(!(await draft()).unserved.need.includes(a), 'the other waits')
		await two.reload()
		await two.locator('.ws-bar .chip.accent').waitFor()
		await two.waitForTimeout(1000)
		assert.ok(!(await draft()).unserved.need.includes(a), 'who lives keeps its own')
		await one.close()
		await two.reload()
		await two.locator('#returned', { hasText: '1 change that waited in this browser is saved now' }).waitFor()
		await isOut(a)
		assert.equal(await two.evaluate(() => Object.keys(localStorage).filter((k) => k.startsWith('bp.held.')).length), 0)
	})

	test('a lock that somebody breaks is told of at once', async () => {
		await api(other.page, 'DELETE', `/territories/${unit.id}/lock?channel=GT&reason=${encodeURIComponent('the month ends')}`)
		await two.locator('#lock-lost', { hasText: 'broke your lock: the month ends. Your draft is kept' }).waitFor({ timeout: 8000 })
		await two.locator('.ws-tools').getByRole('button', { name: 'Lock and plan' }).waitFor()
		await accessible(two, 'a lock that was lost')
		await shot(two, 'lock-lost')
		await two.emulateMedia({ colorScheme: 'dark' })
		await two.setViewportSize({ width: 390, height: 844 })
		await shot(two, 'lock-lost-narrow-dark')
		await two.setViewportSize({ width: 1440, height: 900 })
		await two.locator('.ws-tools').getByRole('button', { name: 'Lock and plan' }).click()
		await two.locator('.ws-bar .chip.accent').waitFor()
		await two.locator('#lock-lost').waitFor({ state: 'detached' })
	})
})
