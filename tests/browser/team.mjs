// SPDX-License-Identifier: GPL-3.0-or-later
// The team by hand: who is away and who stands in, who leaves and who comes.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { accessible, api, base, openPage, plannedUnit, shot, signIn } from './lib.mjs'

describe('team', () => {
	let page, context, faults, seat
	const dialog = () => page.locator('dialog[open]')
	const row = () => page.getByRole('row', { name: new RegExp(seat.code) })
	const menu = async (name) => {
		await row().getByRole('button', { name: `Change ${seat.code}` }).focus()
		await page.keyboard.press('Enter')
		await page.getByRole('menuitem', { name }).click()
	}
	before(async () => {
		;({ page, context, faults } = await openPage())
		await signIn(page)
		seat = (await api(page, 'GET', '/seats?limit=500')).items.find((s) => s.person)
		await page.goto(`${base}/team?q=${encodeURIComponent(seat.code)}`)
		await row().waitFor()
	})
	after(async () => {
		await api(page, 'PUT', `/seats/${seat.id}/person`, { person: seat.person })
		await context.close()
		assert.deepEqual(faults, [])
	})

	test('where days begin is said, refused where it is no place, and counts where the parameters say so', async () => {
		const was = seat.lat === null ? '' : `${seat.lat}, ${seat.lon}`, say = async (/** @type {string} */ at) => {
			await menu('Where its days begin…')
			await dialog().getByLabel('Coordinates').fill(at)
			await dialog().getByLabel('Reason').fill('moved')
			await dialog().getByRole('button', { name: 'Save' }).click()
		}
		await say('over there')
		await dialog().getByText('must be two numbers, as 18.52, 73.84').waitFor()
		await accessible(page, 'start')
		await shot(page, 'team-start')
		await page.keyboard.press('Escape')
		await say('18.5, 73.81')
		await row().getByText('18.5, 73.81').waitFor()
		await say(was)
		const unit = await plannedUnit(page), set = (/** @type {number | null} */ on) => api(page, 'PUT', `/territories/${unit.id}/profile?channel=GT`, { set: { countEndLegs: on }, reason: 'a test' })
		await set(1)
		const { seats, visits, cycle, totals, stale } = await api(page, 'GET', `/plans/${unit.plan.id}/draft`), k = visits.seat.findIndex((id) => seats.find((x) => x.id === id)?.starts)
		const date = new Date(Date.parse(cycle.anchor) + visits.day[k] * 86400000).toISOString().slice(0, 10)
		await page.goto(`${base}/territories/${unit.id}/plan?channel=GT&seat=${seats.find((x) => x.id === visits.seat[k]).code}&date=${date}`)
		await page.getByText(/^From home: .*, back: /).waitFor()
		assert.ok((await page.evaluate(() => document.querySelector('bp-map').store.plan.peek().seats.filter((x) => x.starts).length)) > 0)
		/* The kilometres follow by themselves, on the page that is open too. */
		assert.equal(stale, true)
		const shows = (/** @type {boolean} */ far) => page.waitForFunction(([km, more]) => {
			const p = document.querySelector('bp-map').store.plan.peek()
			return !p.stale && (more ? p.totals.km > km + 1 : Math.abs(p.totals.km - km) < 1e-6) && !document.querySelector('.ws-totals [role=status]')
		}, /** @type {[number, boolean]} */ ([totals.km, far]), { timeout: 40000 })
		await shows(true)
		await shot(page, 'start-map')
		await set(null)
		await shows(false)
		await page.goto(`${base}/team?q=${encodeURIComponent(seat.code)}`)
		await row().waitFor()
	})

	test('leave is noted, refused where it overlaps, changed and taken back', async () => {
		await menu('Away…')
		await dialog().getByLabel('First day').fill('2026-12-24')
		await dialog().getByLabel('Last day').fill('2027-01-02')
		await dialog().getByLabel('Who stands in').fill('Ravi')
		await accessible(page, 'leave')
		await shot(page, 'team-leave')
		await page.keyboard.press('Enter')
		await row().getByText(/on leave, 24 Dec 2026 to 2 Jan 2027 · Ravi stands in/).waitFor()
		await menu('Away…')
		await dialog().getByLabel('First day').fill('2026-12-30')
		await dialog().getByLabel('Last day').fill('')
		await dialog().getByRole('button', { name: 'Save' }).click()
		await dialog().getByText(/overlaps an absence of this seat/).waitFor()
		await page.keyboard.press('Escape')
		await menu(/^Change: on leave/)
		await dialog().getByLabel('Why').selectOption('TRAINING')
		await dialog().getByRole('button', { name: 'Save' }).click()
		await row().getByText(/^in training, 24 Dec/).waitFor()
		await menu(/^Take back: in training/)
		await dialog().getByRole('button', { name: 'Take back' }).click()
		await row().getByText(/in training/).waitFor({ state: 'detached' })
	})

	test('a person leaves and another comes, by keys', async () => {
		await menu('Who holds it…')
		await accessible(page, 'who holds a seat')
		await dialog().getByLabel('Reason').fill('resigned')
		await page.keyboard.press('Enter')
		await row().getByText('vacant').waitFor()
		await menu('Who holds it…')
		await dialog().getByText('It is vacant').waitFor()
		await dialog().getByLabel('Person', { exact: true }).fill('Nina New')
		await page.keyboard.press('Enter')
		await row().getByText('Nina New').waitFor()
		/* Who comes later is told beside who is there. */
		const then = new Date(Date.now() + 40 * 86400000).toISOString().slice(0, 10)
		await api(page, 'PUT', `/seats/${seat.id}/person`, { person: 'Otto Other', from: then })
		await page.reload()
		await row().getByText(/since .* · until .* · Otto Other from/).waitFor()
		await shot(page, 'team-successor')
	})

	test('the board marks the days, and the visits that fall on them are named', async () => {
		const unit = (await api(page, 'GET', '/territories?units=1&channel=GT&limit=500')).items.find((u) => u.unit && u.plan?.version && !u.locks.length)
		const [who] = (await api(page, 'GET', `/plans/${unit.plan.id}/draft`)).seats, from = new Date().toISOString().slice(0, 10)
		const made = await api(page, 'POST', `/seats/${who.id}/absences`, { from, to: new Date(Date.now() + 6 * 86400000).toISOString().slice(0, 10), kind: 'LEAVE' })
		await page.goto(`${base}/territories/${unit.id}/plan?channel=GT`)
		const cell = page.locator(`.cell.away[data-drop^="${who.id} "]`).first()
		await cell.waitFor()
		assert.match(await cell.getAttribute('title') ?? '', /on leave, /)
		await page.getByRole('link', { name: /visits? falls? on leave/ }).click()
		await accessible(page, 'leave on the board')
		await shot(page, 'team-board')
		await api(page, 'DELETE', `/seats/${who.id}/absences/${made.id}`)
		await page.goto(`${base}/team?q=${encodeURIComponent(seat.code)}`)
		await row().waitFor()
	})

	for (const [colorScheme, viewport] of /** @type {const} */ ([['light', { width: 390, height: 844 }], ['dark', { width: 1280, height: 800 }]]))
		test(`it reads well, ${colorScheme}, ${viewport.width}`, async () => {
			const made = await api(page, 'POST', `/seats/${seat.id}/absences`, { from: '2026-12-24', to: null, kind: 'SICK' })
			await page.setViewportSize(viewport)
			await page.emulateMedia({ colorScheme })
			await page.reload()
			await row().getByText(/^sick, from 24 Dec 2026 on/).waitFor()
			await accessible(page, `team ${colorScheme}`)
			await shot(page, `team-${colorScheme}-${viewport.width}`)
			await api(page, 'DELETE', `/seats/${seat.id}/absences/${made.id}`)
		})
})
