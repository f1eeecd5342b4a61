// SPDX-License-Identifier: GPL-3.0-or-later
// A small town with an outlet that nobody knows the way to, and a person who begins early: placed by hand, and printed as it is exported.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { accessible, api, base, openPage, shot, signIn, until, upload } from './lib.mjs'

const stamp = Date.now().toString(36).toUpperCase()
const files = {
	distributors: `code,name,lat,lon\nBH-${stamp},Hand Distribution ${stamp},19.05,72.85\n`,
	outlets: `${['code,name,lat,lon,tier,country,state,city,dt_code,channel,frequency', ...Array.from({ length: 14 }, (_, i) =>
		`BH-${stamp}-${i},Shop ${i},${i ? (19 + (i % 4) / 80).toFixed(5) : ''},${i ? (72.8 + Math.floor(i / 4) / 80).toFixed(5) : ''},Gold,Handland ${stamp},Handstate ${stamp},Handtown ${stamp},BH-${stamp},GT,4`)].join('\n')}\n`,
	seats: `code,name,person,dt_codes,vehicle,channel,shift_start\nBHS-${stamp},Early,Ela Early,BH-${stamp},car,GT,07:00\n`,
}
const DAY = 86400000, dateOf = (day) => new Date(day * DAY).toISOString().slice(0, 10), today = Math.floor(Date.now() / DAY)
/* The Monday after next: its week is ahead of whatever is committed today. */
const monday = today + 14 - (today + 3) % 7

describe('by hand', () => {
	let page, context, faults, unit, session, plan
	const dialog = () => page.locator('dialog[open]')
	const draft = () => api(page, 'GET', `/planning/sessions/${session}/draft`)
	const job = async (id) => {
		for (let i = 0; i < 600; i++) {
			const j = await api(page, 'GET', `/jobs/${id}`)
			if (j.state === 'done')
				return j.result
			assert.notEqual(j.state, 'failed', JSON.stringify(j))
			await page.waitForTimeout(100)
		}
	}
	before(async () => {
		;({ page, context, faults } = await openPage())
		await signIn(page)
		const { id } = await api(page, 'POST', '/import/sessions', { name: `hand ${stamp}` })
		for (const [name, text] of Object.entries(files))
			await upload(page, id, `${name}-${stamp}`, text)
		for (const step of ['validate', 'process'])
			await job((await api(page, 'POST', `/import/sessions/${id}/${step}`, {})).jobId)
		unit = (await api(page, 'GET', `/territories?units=1&limit=500&q=${encodeURIComponent(stamp)}`)).items.find((t) => t.unit)
		assert.ok(unit, 'the town is a unit')
		await api(page, 'POST', `/territories/${unit.id}/lock`, { channel: 'GT' })
		;({ id: session, planId: plan } = await api(page, 'POST', '/planning/sessions', { territoryId: unit.id, channel: 'GT' }))
		const { versionId } = await job((await api(page, 'POST', '/optimize', { sessionId: session, iterations: 4000 })).jobId)
		await api(page, 'POST', `/planning/sessions/${session}/adopt`, { versionId })
		await page.goto(`${base}/territories/${unit.id}/plan?channel=GT`)
		await page.locator('.ws-bar .chip.accent').waitFor()
		await page.getByRole('button', { name: 'Next cycle' }).click()
	})
	after(async () => {
		await api(page, 'DELETE', `/territories/${unit.id}/lock?channel=GT`).catch(() => {})
		await context.close()
		assert.deepEqual(faults, [])
	})

	for (const by of /** @type {const} */ (['mouse', 'keyboard']))
		test(`an outlet without coordinates is placed from its tray, by ${by}`, async () => {
			const was = await draft(), at = was.unserved.reason.indexOf('NO_COORDINATES'), need = was.unserved.need[at]
			assert.ok(need, 'one has no coordinates')
			if (by === 'mouse') {
				await page.locator('#tab-unplaced').click()
				await page.locator('#panel-body').getByText('place them by hand').waitFor()
				await accessible(page, 'the tray')
				await shot(page, 'byhand-tray')
				await page.locator('#panel-body').getByRole('button', { name: 'Place…' }).click()
			} else {
				await page.locator('#tab-unserved').click()
				await page.locator('#panel-body [role=row]', { hasText: 'Shop 0' }).first().click()
				await page.keyboard.press('m')
			}
			await dialog().locator('#mv-seat').selectOption({ index: 1 })
			const days = await dialog().locator('#mv-day option').evaluateAll((l) => l.map((o) => o.value).filter(Boolean))
			await dialog().locator('#mv-day').selectOption(days[3])
			await dialog().getByText('its travel is not counted').waitFor()
			await shot(page, `byhand-place-${by}`)
			if (by === 'mouse') {
				await dialog().getByRole('button', { name: 'Place', exact: true }).click()
			} else {
				await dialog().getByRole('button', { name: 'Place', exact: true }).focus()
				await page.keyboard.press('Enter')
			}
			await dialog().waitFor({ state: 'detached' })
			await until(async () => (await draft()).visits.need.includes(need), 'it stands in the plan')
			await page.keyboard.press('Control+z')
			await until(async () => !(await draft()).visits.need.includes(need), 'and is taken back')
		})

	test('a day begins when the shift of its person does', async () => {
		const d = await draft(), [start] = d.seats.map((s) => s.shiftStart / 60), clock = `${String(Math.floor(start / 60)).padStart(2, '0')}:${String(start % 60).padStart(2, '0')}`
		assert.ok(start >= 420 && start < 480, `${start} minutes`)
		await page.locator('.board [data-cell]:not(.none)').first().click()
		await page.locator('.stops li').first().waitFor()
		assert.equal((await page.locator('.stops li .when').first().innerText()).trim(), clock)
	})

	test('what is printed is what is exported, in a week with a holiday and a leave', async () => {
		await api(page, 'POST', '/planning/commit', { sessionId: session })
		const d = await api(page, 'GET', `/plans/${plan}/draft`), [seat] = d.seats
		await api(page, 'PUT', `/territories/${unit.id}/holidays`, { day: dateOf(monday + 1), name: 'Founding day', reason: 'a test' })
		await api(page, 'POST', `/seats/${seat.id}/absences`, { kind: 'LEAVE', from: dateOf(monday + 3), to: dateOf(monday + 3) })
		await until(async () => !(await api(page, 'GET', `/territories/${unit.id}/holidays`)).pending, 'the visit list follows')
		const csv = await page.evaluate(async (q) => (await fetch(`/api/v1/plans/${q}`)).text(), `${plan}/export?what=visits&format=csv&from=${dateOf(monday)}&to=${dateOf(monday + 6)}`)
		const [head, ...rows] = csv.trim().split('\r\n').map((x) => x.split(',').map((f) => f.replace(/^"|"$/g, ''))), code = head.indexOf('outlet_code'), on = head.indexOf('date')
		assert.ok(rows.length > 3 && !rows.some((r) => [dateOf(monday + 1), dateOf(monday + 3)].includes(r[on])), `${rows.length} rows`)
		await page.goto(`${base}/territories/${unit.id}/week?channel=GT&week=${dateOf(monday)}`)
		await page.locator('.sheet-day').first().waitFor()
		assert.deepEqual((await page.locator('.sheet-day tbody small').allInnerTexts()), rows.map((r) => r[code]))
		await accessible(page, 'the printed week')
		await shot(page, 'byhand-week')
		await page.getByRole('button', { name: 'Next week' }).click()
		await page.locator('.sheet header p', { hasText: new Date((monday + 7) * DAY).getUTCDate().toString() }).waitFor()
		await page.locator('.sheet-day').nth(2).waitFor()
	})
})
