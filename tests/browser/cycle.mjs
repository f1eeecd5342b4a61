// SPDX-License-Identifier: GPL-3.0-or-later
// Another cycle by the keyboard: from four weeks to eight and back by undo; the parameters tell that one is to be begun, and two plans of
// different cycles are compared over the longer one.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { accessible, api, base, looks, openPage, shot, signIn, until } from './lib.mjs'
import { imported, numbers, planOf } from './region.mjs'

describe('a new cycle', () => {
	let page, context, faults, unit, planId, session
	const dialog = () => page.locator('dialog[open]')
	const draft = () => api(page, 'GET', `/planning/sessions/${session}/draft`)
	before(async () => {
		;({ page, context, faults } = await openPage({ viewport: { width: 1280, height: 860 } }))
		await signIn(page)
		const random = numbers(9), at = () => [14.3, 76.1].map((c) => (c + (random() - 0.5) * 0.04).toFixed(5))
		await imported(page, context, 'rounds', {
			distributors: ['code,name,lat,lon', 'RND-D,Distributor of rounds,14.3,76.1'],
			outlets: ['code,name,lat,lon,tier,channel,country,region,dt_code,visit frequency', ...Array.from({ length: 60 }, (_, i) => `RND-${i},Shop ${i},${at()},Silver,GT,Rondland,RND,RND-D,${i % 2 ? 'F4' : 'F2'}`)],
			seats: ['code,name,person,dt_codes,vehicle', 'RND-S,Seat of rounds,Only One,RND-D,two-wheeler', 'RND-T,Other seat,Other One,RND-D,two-wheeler'],
		})
		unit = (await api(page, 'GET', '/territories?units=1&q=RND')).items.find((t) => t.unit)
		const plan = await planOf(page, context, unit, 3)
		await api(page, 'POST', '/planning/commit', { sessionId: plan.session.id })
		planId = (await api(page, 'GET', `/plans?territory=${unit.id}&channel=GT`)).items[0].id
	})
	after(async () => {
		await api(page, 'DELETE', `/territories/${unit.id}/lock?channel=GT`).catch(() => {})
		await context.close()
		assert.deepEqual(faults, [])
	})

	test('the parameters tell that the plan goes on in its own', async () => {
		await api(page, 'PUT', `/territories/${unit.id}/profile?channel=GT`, { set: { weeks: 8 }, reason: 'longer rounds' })
		await page.goto(`${base}/territories/${unit.id}/profile?channel=GT`)
		const notice = page.locator('#other-cycle')
		await notice.waitFor()
		assert.match(await notice.innerText(), /cycle of 4 weeks, counted from Mon/)
		await looks(page, 'cycle-01-parameters')
		await notice.getByRole('link').focus()
		await page.keyboard.press('Enter')
		await page.waitForURL(/\/plan/)
	})

	test('it is begun by the keyboard, and undone', async () => {
		await page.locator('.ws-bar button', { hasText: 'Lock and plan' }).focus()
		await page.keyboard.press('Enter')
		await page.locator('.ws-bar .chip', { hasText: 'yours' }).waitFor()
		session = (await api(page, 'GET', '/planning/sessions')).items.find((x) => x.planId === planId && x.status === 'ACTIVE').id
		const was = await draft()
		await page.locator('.board').waitFor()
		await page.keyboard.press('n')
		await dialog().locator('#cy-weeks').waitFor()
		assert.equal(await dialog().locator('#cy-weeks').inputValue(), '8', 'as the parameters say')
		const first = await dialog().locator('#cy-anchor').inputValue()
		assert.equal(new Date(first + 'T00:00:00Z').getUTCDay(), 1, 'a Monday')
		await looks(page, 'cycle-02-dialog')
		await dialog().locator('#cy-reason').focus()
		await page.keyboard.type('longer rounds')
		await page.keyboard.press('Enter')
		await dialog().locator('#cy-missing').waitFor()
		await looks(page, 'cycle-03-begun')
		const eight = await draft()
		assert.deepEqual([eight.cycle.weeks, eight.cycle.anchor, eight.totals.calls], [8, first, was.totals.calls * 2])
		await page.keyboard.press('Enter')
		await dialog().waitFor({ state: 'detached' })
		assert.equal(await page.locator('.board th.week').count(), 8)
		await looks(page, 'cycle-04-board')
		await page.keyboard.press('Control+z')
		await until(async () => await page.locator('.board th.week').count() === 4, 'the board has four weeks again')
		assert.deepEqual((await draft()).visits, was.visits)
		await page.keyboard.press('Control+y')
		await until(async () => await page.locator('.board th.week').count() === 8, 'the board has eight weeks again')
		assert.deepEqual((await draft()).visits, eight.visits)
	})

	test('of a shorter one it says how many visits find no place', async () => {
		await page.keyboard.press('n')
		await dialog().locator('#cy-weeks').fill('1')
		await dialog().getByText('It has the visits that stand on the dates of its 1 week now').waitFor()
		await page.keyboard.press('Enter')
		await dialog().locator('.notice.warn', { hasText: /\d+ visits find no place in it/ }).waitFor()
		await looks(page, 'cycle-05-missing')
		await dialog().getByRole('button', { name: 'Undo' }).focus()
		await page.keyboard.press('Enter')
		await until(async () => await page.locator('.board th.week').count() === 8, 'the board has eight weeks again')
	})

	test('a day that begins no week is refused where it stands', async () => {
		await page.keyboard.press('n')
		await dialog().locator('#cy-anchor').evaluate((e) => {
			e.removeAttribute('step')
			e.value = new Date(Date.parse(e.min) + 8 * 864e5).toISOString().slice(0, 10)
			e.dispatchEvent(new Event('change'))
		})
		await dialog().locator('#cy-weeks').focus()
		await page.keyboard.press('Enter')
		await dialog().locator('.field', { has: page.locator('#cy-anchor') }).getByText(/no first day of the week/).waitFor()
		await page.keyboard.press('Escape')
	})

	test('beside the plan in force both are on the same dates, and nothing single is taken over', async () => {
		await page.goto(`${base}/territories/${unit.id}/compare?channel=GT&a=draft`)
		await page.locator('#uneven').waitFor()
		assert.match(await page.locator('#uneven').innerText(), /of 8 and 4 weeks/)
		await page.getByText('No outlet changes').waitFor()
		assert.equal(await page.getByRole('button', { name: /^Take/ }).count(), 0)
		await looks(page, 'cycle-06-compare')
	})

	test('the versions tell theirs where they differ, and so does the question before one is taken over', async () => {
		await api(page, 'POST', `/plans/${planId}/save`, { sessionId: session, notes: 'in eight weeks' })
		await page.goto(`${base}/territories/${unit.id}/versions?channel=GT`)
		const row = page.locator('tbody tr', { hasText: 'in eight weeks' })
		await row.getByText(/^8 weeks · \d+ \w+$/).waitFor()
		await page.getByText(/^4 weeks · \d+ \w+$/).first().waitFor()
		await looks(page, 'cycle-07-versions')
		await row.getByRole('button', { name: 'Take over' }).focus()
		await page.keyboard.press('Enter')
		await dialog().getByText(/cycle of 8 weeks/).waitFor()
		await page.keyboard.press('Escape')
	})
})
