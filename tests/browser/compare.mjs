// SPDX-License-Identifier: GPL-3.0-or-later
// Two versions on one map, and after another import: a change is chosen in the list or on the map, what is gone is named and cannot be taken.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { api, base, looks, openPage, signIn, until } from './lib.mjs'
import { imported, numbers, planOf } from './region.mjs'

describe('two versions compared', () => {
	let page, context, faults, unit, former, kept, session
	const random = numbers(11), at = () => [15.3, 76.4].map((c) => (c + (random() - 0.5) * 0.05).toFixed(5))
	const places = Array.from({ length: 70 }, at), head = 'code,name,lat,lon,tier,channel,country,region,dt_code,visit frequency,status'
	const outlets = (skip, shut) => [head, ...places.flatMap((p, i) => (skip.includes(i) ? [] : [`CMP-${i},Shop ${i},${p},Silver,GT,Compareland,CMP,CMP-D,F2,${shut.includes(i) ? 'closed' : 'active'}`]))]
	before(async () => {
		;({ page, context, faults } = await openPage({ viewport: { width: 1280, height: 800 } }))
		await signIn(page)
		await imported(page, context, 'compared', {
			distributors: ['code,name,lat,lon', 'CMP-D,Distributor to compare,15.3,76.4'], outlets: outlets([68, 69], []),
			seats: ['code,name,person,dt_codes,vehicle', 'CMP-S,Seat to compare,First Person,CMP-D,two-wheeler', 'CMP-T,Other seat,Second Person,CMP-D,two-wheeler'],
		})
		unit = (await api(page, 'GET', '/territories?units=1&q=CMP')).items.find((t) => t.unit)
		let plan = await planOf(page, context, unit, 2)
		former = (await api(page, 'POST', '/planning/commit', { sessionId: plan.session.id, keepLock: true })).id
		await imported(page, context, 'compared again', { outlets: outlets([], [0, 1, 2]) })
		plan = await planOf(page, context, unit, 2)
		session = plan.session
		const { jobId } = await api(page, 'POST', '/optimize', { sessionId: session.id, seconds: 2 })
		await until(async () => (await api(page, 'GET', `/optimize/${jobId}`)).state === 'done', 'optimised')
		const run = await api(page, 'GET', `/optimize/${jobId}`)
		await api(page, 'POST', `/planning/sessions/${session.id}/adopt`, { versionId: run.result.versionId })
		let d = await api(page, 'GET', `/planning/sessions/${session.id}/draft`)
		const other = d.seats.find((s) => s.id !== d.visits.seat[5]).id, needs = [...new Set(d.visits.need.slice(5, 9))]
		for (const need of needs) {
			const visits = d.visits.need.flatMap((n, i) => (n === need ? [{ need, date: new Date(Date.parse(d.cycle.anchor) + d.visits.day[i] * 86400000).toISOString().slice(0, 10) }] : []))
			const r = await api(page, 'POST', `/planning/sessions/${session.id}/ops`, { seq: d.seq, ops: [{ clientId: crypto.randomUUID(), kind: 'move', reach: 'standing', visits, seat: other, reason: 'to compare', reasonCode: 'PROMOTION' }] })
			assert.ok(r.seq, JSON.stringify(r))
			d = await api(page, 'GET', `/planning/sessions/${session.id}/draft`)
		}
		kept = (await api(page, 'POST', '/planning/save', { sessionId: session.id, notes: 'to compare' })).id
	})
	after(async () => {
		await api(page, 'DELETE', `/territories/${unit.id}/lock?channel=GT`).catch(() => {})
		await context.close()
		assert.deepEqual(faults, [])
	})
	const centre = () => page.locator('#diff-map').evaluate((m) => m.scrollIntoView({ block: 'center' }))
	const says = () => page.locator('#map-says').innerText()

	test('both stand on one map, with a legend of shapes', async () => {
		await page.goto(`${base}/territories/${unit.id}/compare?channel=GT&a=${former}&b=${kept}`)
		await page.locator('#diff-map canvas').first().waitFor()
		assert.deepEqual(await page.locator('#diff-map .map-legend span.ellipsis').allInnerTexts(), ['another person', 'other days', 'newly visited', 'no longer visited'])
		assert.match(await page.locator('bp-grid.changes').innerText(), /Shop 0 \(CMP-0\)\s+Outlet no longer here/)
		await page.waitForTimeout(800)
		await centre()
		await looks(page, 'compare-01-map')
	})
	test('a change that is chosen in the list by the keyboard is marked on the map', async () => {
		const row = page.locator('bp-grid.changes [role=row]', { hasText: 'Second Person' }).first()
		await row.focus()
		await page.keyboard.press('Enter')
		await until(async () => /→/.test(await says()), 'the map says where it goes')
		assert.ok((await row.innerText()).includes((await says()).split(':')[0].trim()), await says())
		assert.equal(await row.getAttribute('aria-selected'), 'true')
		await page.waitForTimeout(500)
		await centre()
		await looks(page, 'compare-02-marked')
		await page.getByRole('button', { name: 'Show all' }).click()
		assert.equal(await page.locator('bp-grid.changes [aria-selected=true]').count(), 0)
	})
	test('one that is clicked on the map is chosen in the list', async () => {
		await centre()
		await page.waitForTimeout(500)
		const box = await page.locator('#diff-map').boundingBox()
		const isShop = (text) => /^Shop \d+ \(CMP-\d+\)/.test(text)
		let found = ''
		/* What lies under the mouse is told a moment later: on a busy machine it may be another place by then. */
		for (let pass = 0; pass < 3 && !isShop(found); pass++)
			for (let y = 20; y < box.height - 20 && !isShop(found); y += 12)
				for (let x = 60; x < box.width - 220 && !isShop(found); x += 12) {
					await page.mouse.move(box.x + x, box.y + y)
					if (!await page.locator('#diff-map .map-frame.over-point').count())
						continue
					await page.mouse.click(box.x + x, box.y + y)
					await page.waitForTimeout(100)
					found = await says()
				}
		assert.match(found, /^Shop \d+ \(CMP-\d+\)/)
		await page.locator('bp-grid.changes [aria-selected=true]', { hasText: found.split(':')[0].trim() }).waitFor()
	})
	test('back to the former version, what is gone cannot be taken; the others can', async () => {
		await page.goto(`${base}/territories/${unit.id}/compare?channel=GT&a=draft&b=${former}`)
		await page.locator('#barred').waitFor()
		assert.match(await page.locator('#barred').innerText(), /3 changes cannot be taken over/)
		await page.getByRole('button', { name: 'All', exact: true }).click()
		await looks(page, 'compare-03-barred')
		await page.getByRole('button', { name: /^Take \d+ changes$/ }).click()
		await page.locator('dialog[open], .toast').first().waitFor()
		if (await page.locator('dialog[open]').count()) {
			await page.locator('dialog[open] select').first().selectOption({ index: 1 })
			await page.locator('dialog[open] textarea, dialog[open] input').last().fill('as it was')
			await page.locator('dialog[open] button.primary').click()
		}
		await page.locator('.toast', { hasText: 'Taken over' }).waitFor()
		await until(async () => (await page.locator('bp-grid.changes [role=row]').count()) === 4, 'only what is gone is left')
	})
})
