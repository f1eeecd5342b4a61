// SPDX-License-Identifier: GPL-3.0-or-later
// Gestures about pins, each by mouse and by keyboard, on the scene of gestures.mjs.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accessible, api, shot } from './lib.mjs'

/** @param {{change: Function, gone: Function, clear: () => Promise<void>, now: () => any}} of what gestures.mjs has, and what it has by the time a test runs */
export function pinGestures({ change, gone, clear, now }) {
	const held = (hold, ...needs) => (was, is) => assert.deepEqual(is.pins.need.map((n, i) => [n, is.pins.hold[i]]).filter(([n]) => needs.includes(n)), [...needs].sort((a, b) => a - b).map((n) => [n, hold]))
	const pinMark = () => now().stop(now().scene.need).locator('.pinned').waitFor()
	change('an outlet is pinned', {
		async mouse() {
			const { page, scene, stop, item, openDay } = now()
			await openDay('mouse', scene.row, scene.col)
			await stop(scene.need).locator('button').last().click()
			await item('mouse', /^Pin or unpin/)
			await accessible(page, 'the menu of pins')
			await item('mouse', 'Pin its person and days')
			await pinMark()
			await page.locator(`[data-cell="${scene.row} ${scene.col}"].held`).waitFor()
			await accessible(page, 'a pinned outlet')
			await shot(page, 'gestures-05-pinned')
		},
		async keyboard() {
			const { scene, stop, press, item, openDay } = now()
			await openDay('keyboard', scene.row, scene.col)
			await stop(scene.need).focus()
			await press('p')
			await item('keyboard', 'Pin its person and days')
			await pinMark()
		},
	}, (was, is) => held(3, now().scene.need)(was, is))
	change('the outlets of a day are pinned to their days, and one of them unpinned', {
		async mouse() {
			const { page, scene, cell, stop, item, openDay } = now()
			await cell(scene.row, scene.col).click({ button: 'right' })
			await item('mouse', 'Select its outlets')
			await page.locator('#tab-sel').click()
			await page.locator('#pin').click()
			await item('mouse', /^Pin (its|their) days$/)
			await page.locator('.panel-body .pinned').first().waitFor()
			await openDay('mouse', scene.row, scene.col)
			await stop(scene.need).click()
			await pinMark()
			await page.locator('#tab-sel').click()
			await page.locator('#pin').click()
			await item('mouse', 'Unpin')
			await page.locator('.panel-body .pinned').waitFor({ state: 'detached' })
		},
		async keyboard() {
			const { page, scene, stop, press, item, walkTo, openDay } = now()
			await walkTo(scene.row, scene.col)
			await press('Shift+F10')
			await item('keyboard', 'Select its outlets')
			await press('p')
			await item('keyboard', /^Pin (its|their) days$/)
			await page.locator(`[data-cell="${scene.row} ${scene.col}"].held`).waitFor()
			await clear()
			await openDay('keyboard', scene.row, scene.col)
			await stop(scene.need).focus()
			await pinMark()
			await press('p')
			await item('keyboard', 'Unpin')
			await stop(scene.need).locator('.pinned').waitFor({ state: 'detached' })
		},
	}, (was, is) => {
		const { scene } = now()
		held(2, ...scene.needs.filter((n) => n !== scene.need))(was, is)
		assert.ok(!is.pins.need.includes(scene.need))
	})
	for (const by of /** @type {const} */ (['mouse', 'keyboard']))
		test(`all that is pinned is chosen from what to look at first, by ${by}`, async () => {
			const { page, session, scene, draft, press, selected, toTurn } = now()
			await clear()
			const { seq } = await draft()
			await api(page, 'POST', `/planning/sessions/${session}/ops`, { seq, ops: [{ clientId: `pins-${by}`, kind: 'pin', hold: 'both', needs: scene.needs }] })
			await page.reload()
			await toTurn()
			await page.locator('#tab-day').click()
			for (const at of [page.locator('.attention a', { hasText: /outlets are pinned/ }), page.getByRole('button', { name: 'Select these' })])
				if (by === 'mouse')
					await at.click()
				else {
					await at.focus()
					await press('Enter')
				}
			await page.locator('#tab-sel[aria-selected=true]').waitFor()
			assert.equal(await selected(), scene.needs.length)
		})
	change('a pinned outlet goes to another day for a reason', {
		async mouse() {
			const { page, scene, dialog, cell, stop, inSight, drag, drop, item, confirm, openDay } = now()
			await openDay('mouse', scene.row, scene.col)
			await stop(scene.need).locator('button').last().click()
			await item('mouse', /^Pin or unpin/)
			await item('mouse', 'Pin its days')
			await pinMark()
			await inSight(cell(scene.row, scene.otherCol))
			await drag(stop(scene.need), cell(scene.row, scene.otherCol))
			await page.locator('.ghost', { hasText: 'pinned' }).waitFor()
			await drop()
			await dialog().locator('.notice.bad', { hasText: 'the outlet is pinned to its days' }).waitFor()
			await confirm('mouse', 'they asked for it')
		},
		async keyboard() {
			const { scene, dialog, stop, press, item, choose, confirm, openDay } = now()
			await openDay('keyboard', scene.row, scene.col)
			await stop(scene.need).focus()
			await press('p')
			await item('keyboard', 'Pin its days')
			await pinMark()
			await stop(scene.need).focus()
			await press('m')
			await choose('keyboard', '#mv-day', String(scene.other))
			await dialog().locator('.notice.bad', { hasText: 'the outlet is pinned to its days' }).waitFor()
			await confirm('keyboard', 'they asked for it')
		},
	}, gone)
}
