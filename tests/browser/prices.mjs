// SPDX-License-Identifier: GPL-3.0-or-later
// The price of a change before it is made, what stands against a rule, and what the ledger says of both.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { hands } from './hands.mjs'
import { accessible, api, base, openPage, plannedUnit, shot, signIn, until } from './lib.mjs'

describe('prices and rules', () => {
	let page, context, faults, unit, session, hand
	const dialog = () => page.locator('dialog[open]')
	const draft = () => api(page, 'GET', `/planning/sessions/${session}/draft`)
	const bytes = (d) => JSON.stringify([d.visits, d.tours, d.unserved])
	/** It slides in: a slow machine never calls it still before it goes. */
	const takeBack = (toast) => toast.getByRole('button', { name: 'Undo' }).evaluate((n) => n.click())
	const needAt = async (n) => Number(await page.locator('.stops li').nth(n).getAttribute('data-need'))
	before(async () => {
		;({ page, context, faults } = await openPage())
		await signIn(page)
		hand = hands(page)
		unit = await plannedUnit(page)
		await page.goto(`${base}/territories/${unit.id}/plan?channel=GT`)
		await page.locator('.ws-tools').getByRole('button', { name: 'Lock and plan' }).click()
		await page.locator('.ws-bar .chip.accent').waitFor()
		session = (await api(page, 'GET', '/planning/sessions')).items.find((s) => s.territoryId === unit.id && s.channel === 'GT' && s.status === 'ACTIVE').id
		await page.getByRole('button', { name: 'Next cycle' }).click()
		const cell = await page.evaluate(() => [...document.querySelectorAll('.board [data-cell]')].map((c) => ({ at: c.dataset.cell, n: Number.parseInt(c.textContent || '0', 10) || 0 })).sort((a, b) => b.n - a.n)[0].at)
		await page.locator(`[data-cell="${cell}"]`).click()
		await page.locator('.stops li').nth(5).waitFor()
	})
	after(async () => {
		await api(page, 'DELETE', `/territories/${unit.id}/lock?channel=GT`).catch(() => {})
		await context.close()
		assert.deepEqual(faults, [])
	})

	for (const by of /** @type {const} */ (['mouse', 'keyboard']))
		test(`what a visit taken out costs is told before it is, by ${by}`, async () => {
			await page.locator('#tab-day').click()
			const was = await draft(), need = await needAt(1), row = page.locator(`.stops li[data-need="${need}"]`)
			if (by === 'mouse') {
				await row.click()
				await page.locator('#tab-sel').click()
				await page.locator('#panel-body').getByRole('button', { name: 'Take out' }).click()
			} else {
				await row.focus()
				await page.keyboard.press('Space')
				await page.keyboard.press('Delete')
			}
			const price = dialog().locator('#price b')
			await until(async () => !(await price.innerText()).includes('≈'), 'the server says so')
			assert.match(await price.innerText(), /^\+/, 'it is no saving')
			await dialog().locator('#price-parts', { hasText: 'missed visits' }).waitFor()
			if (by === 'mouse') {
				await accessible(page, 'the price of a visit taken out')
				await shot(page, 'takeout')
				await page.emulateMedia({ colorScheme: 'dark' })
				await page.setViewportSize({ width: 390, height: 844 })
				await shot(page, 'takeout-narrow-dark')
				await page.emulateMedia({ colorScheme: 'light' })
				await page.setViewportSize({ width: 1440, height: 900 })
				await dialog().getByRole('button', { name: 'Take out' }).click()
			} else {
				await page.locator('#ask-reason').focus()
				await page.keyboard.press('Enter')
			}
			await takeBack(page.locator('.toast').last())
			await until(async () => bytes(await draft()) === bytes(was), 'undo gives the first state')
			await page.locator('#tab-day').click()
			await row.waitFor()
		})

	for (const [what, go] of [
		['the best order', () => page.locator('.day-head').getByRole('button', { name: 'Best order' }).click()],
		['the order turned round', () => page.locator('.day-head').getByRole('button', { name: 'Reverse' }).click()],
		['a stop one later, by keys', async () => {
			await page.locator('.stops li').nth(2).focus()
			await page.keyboard.press('Alt+ArrowDown')
		}],
	])
		test(`${what} tells its minutes and has a way back`, async () => {
			await page.locator('#tab-day').click()
			const was = await draft()
			await go()
			const toast = page.locator('.toast', { hasText: /min, [+−-]?[\d.,]+ km/ }).last()
			await toast.waitFor()
			await takeBack(toast)
			await until(async () => bytes(await draft()) === bytes(was), 'undo gives the first state')
		})

	test('what stands against a rule is marked in its day and on the board, found by a filter, and counted in the ledger', async () => {
		await page.locator('#tab-day').click()
		const d = await draft(), need = await needAt(1), seat = await page.evaluate(() => document.querySelector('bp-map').store.focus.peek().seat), i = d.visits.need.indexOf(need)
		const days = d.cycle.workWeekdays, day = d.visits.day[i] - d.visits.day[i] % 7 + days[(days.indexOf(d.visits.day[i] % 7 + 1) + 1) % days.length] - 1, at = (x) => new Date(Date.parse(d.cycle.anchor) + x * 864e5).toISOString().slice(0, 10)
		const r = await api(page, 'POST', `/planning/sessions/${session}/ops`, { seq: d.seq, together: true, ops: [{ clientId: crypto.randomUUID(), kind: 'pin', hold: 'both', needs: [need] },
			{ clientId: crypto.randomUUID(), kind: 'move', visits: [{ need, date: at(d.visits.day[i]) }], date: at(day), seat, reasonCode: 'PROMOTION', reason: 'a fair on that day' }] })
		assert.ok(r.overridden?.need.includes(need), JSON.stringify(r).slice(0, 200))
		await page.goto(`${base}/territories/${unit.id}/plan?channel=GT&list=all&only=broken`)
		await page.locator('.filters a', { hasText: 'Breaks a rule' }).and(page.locator('[aria-current=true]')).waitFor()
		const store = await page.evaluate((n) => {
			const s = document.querySelector('bp-map').store, stop = [...s.tours.peek().values()].flat().find((x) => x.need === n)
			if (stop)
				s.focus.value = { seat: stop.seat, day: stop.day }
			return !!stop
		}, need)
		assert.ok(store)
		await page.locator('#tab-day').click()
		await page.locator(`.stops li[data-need="${need}"] .overridden`).waitFor()
		await accessible(page, 'a visit against a rule')
		await shot(page, 'overridden')
		await page.locator('.ws-tools').getByRole('button', { name: 'More' }).click()
		await page.getByRole('menuitem', { name: 'Ledger of changes' }).click()
		await dialog().getByText('By outlet').first().waitFor().catch(() => {}) // one outlet alone is not gathered
		await shot(page, 'ledger')
		assert.match(await dialog().innerText(), /Promotion or launch/)
		await accessible(page, 'the ledger')
		await page.keyboard.press('Escape')
		await page.keyboard.press('Control+z')
		await page.locator('.overridden').first().waitFor({ state: 'detached' })
	})

	test('a move says who visits and when now, a commit how many edits go with it and what differs', async () => {
		await page.goto(`${base}/territories/${unit.id}/plan?channel=GT`)
		await page.locator('[data-cell="0 0"]').click()
		await page.locator('.stops li').nth(2).click()
		await page.keyboard.press('m')
		const who = await page.locator('.board tbody .who .name span').first().innerText()
		assert.equal(await dialog().locator('#mv-seat option').first().innerText(), `As now: ${who}`)
		assert.match(await dialog().locator('#mv-day option').first().innerText(), /^As now: \w+ \d+ \w+$/)
		await page.keyboard.press('Escape')
		await page.keyboard.press('p')
		await page.getByRole('menuitem', { name: 'Pin its days' }).click()
		await page.locator('.ws-tools').getByRole('button', { name: 'Undo: Pin' }).waitFor()
		await page.locator('.ws-tools').getByRole('button', { name: 'Commit' }).click()
		await dialog().locator('#cm-edits', { hasText: 'since the last version' }).getByRole('link', { name: 'Show what differs' }).click()
		await page.waitForURL(/\/compare\?.*a=draft/)
		await dialog().waitFor({ state: 'detached' })
		await page.goBack()
		await page.locator('.ws-tools').getByRole('button', { name: /^Undo: / }).click()
	})

	test('outlets of one distributor are chosen from a list, and the address says so', async () => {
		await page.goto(`${base}/territories/${unit.id}/plan?channel=GT&list=all`)
		const list = page.locator('#only-partner')
		await list.waitFor()
		const value = await list.locator('option').nth(1).getAttribute('value'), n = Number((await list.locator('option').nth(1).innerText()).replace(/.*\(([\d.,]+)\)$/, '$1').replace(/[.,]/g, ''))
		await list.focus()
		await hand.press(...'ArrowDown'.split(' '))
		await page.waitForURL(/only=partner/)
		await until(async () => await page.evaluate(() => {
			const s = document.querySelector('bp-map').store
			return s.world.peek().id.filter((_, i) => s.fits.peek()?.(i)).length
		}) === n, `${value}: ${n} outlets`)
		await page.locator('.filters a[aria-current=true]').first().click()
		await list.waitFor()
	})
})
