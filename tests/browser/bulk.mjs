// SPDX-License-Identifier: GPL-3.0-or-later
// More visits than one operation holds: taken out, put into a beat and pinned in one gesture, and undone in one.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { api, base, freeUnit, openPage, signIn, until } from './lib.mjs'

describe('everything at once', () => {
	let page, context, faults, unit, session, all
	const draft = () => api(page, 'GET', `/planning/sessions/${session}/draft`)
	const bytes = (d) => JSON.stringify([d.visits, d.tours, d.unserved, d.pins])
	const dialog = () => page.locator('dialog[open]')
	before(async () => {
		;({ page, context, faults } = await openPage())
		await signIn(page)
		unit = await freeUnit(page, (a, b) => Number(!a.plan) - Number(!b.plan) || b.seats - a.seats)
		await page.goto(`${base}/territories/${unit.id}/plan?channel=GT`)
		await page.locator('.ws-tools').getByRole('button', { name: 'Lock and plan' }).click()
		await page.locator('.ws-bar .chip.accent').waitFor()
		session = (await api(page, 'GET', '/planning/sessions')).items.find((s) => s.territoryId === unit.id && s.channel === 'GT' && s.status === 'ACTIVE').id
		await page.getByRole('button', { name: 'Next cycle' }).click() // all of it is to come
		all = await page.evaluate(() => {
			const s = document.querySelector('bp-map').store
			s.select(s.world.peek().id.map((_, i) => i))
			return s.selectedVisits.peek().length
		})
		assert.ok(all > 2000, `${all} visits`)
	})
	after(async () => {
		await api(page, 'DELETE', `/territories/${unit.id}/lock?channel=GT`).catch(() => {})
		await context.close()
		assert.deepEqual(faults, [])
	})
	for (const [what, by, done] of [
		['taken out', 'keyboard', async () => {
			await page.keyboard.press('Delete')
			await dialog().getByRole('button', { name: 'Take out' }).waitFor()
			await dialog().locator('#ask-reason').focus()
			await page.keyboard.press('Enter')
		}],
		['put into a beat', 'mouse', async () => {
			await page.locator('.ws-tools').getByRole('button', { name: 'More' }).click()
			await page.getByRole('menuitem', { name: 'Put into a beat' }).click()
			await dialog().getByRole('button', { name: 'Put into the beat' }).click()
		}],
		['pinned', 'keyboard', async () => {
			await page.keyboard.press('p')
			await page.keyboard.press('Enter')
		}],
	])
		test(`more than two thousand visits are ${what} by ${by}, and one undo brings all of them back`, async () => {
			const was = await draft()
			await done()
			let is
			await until(async () => (is = await draft()).seq > was.seq, 'the server holds it')
			assert.notEqual(bytes(is), bytes(was))
			await page.locator('.save-state', { hasText: 'Saved' }).waitFor()
			await page.keyboard.press('Control+z')
			await until(async () => bytes(await draft()) === bytes(was), 'one undo gives the first state')
			await page.locator('.save-state', { hasText: 'Saved' }).waitFor()
		})
})
