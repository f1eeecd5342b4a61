// SPDX-License-Identifier: GPL-3.0-or-later
// Filters of the workspace are links: chosen by mouse and keys, sent, reloaded, gone back from.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { undelta } from '../../www/js/plan/model.js'
import { dateOf } from '../api/planning.mjs'
import { accessible, api, base, looks, openPage, plannedUnit, shot, signIn, until } from './lib.mjs'

describe('filters', () => {
	let page, context, faults, unit
	const bar = () => page.getByRole('navigation', { name: 'Filters' })
	const link = (name) => bar().getByRole('link', { name })
	const store = (f) => page.evaluate(f)
	/** What the list says it holds, and what the map shows plainly. */
	const shown = async () => [parseInt((await page.locator('.panel-body .day-head .row.between.faint span').first().innerText()).replace(/\D/g, '')),
		await store(() => {
			const s = document.querySelector('bp-map').store, fits = s.fits.peek()
			return s.world.peek().tier.filter((_, i) => !fits || fits(i)).length
		})]
	before(async () => {
		;({ page, context, faults } = await openPage())
		await signIn(page)
		unit = await plannedUnit(page)
		await page.goto(`${base}/territories/${unit.id}/plan?channel=GT`)
		await page.locator('.board [data-cell]').first().waitFor()
		await page.getByRole('tab', { name: 'All', exact: true }).click()
	})
	after(async () => {
		await context.close()
		assert.deepEqual(faults, [])
	})

	test('two tiers show the outlets of both, as their numbers say', async () => {
		const number = async (name) => Number((await link(name).locator('.num').innerText()).replace(/\D/g, ''))
		const [gold, silver] = [await number(/^Gold/), await number(/^Silver/)]
		await link(/^Gold/).click()
		await page.waitForURL(/only=tier%3AGold|only=tier:Gold/)
		assert.deepEqual(await shown(), [gold, gold])
		await link(/^Silver/).focus()
		await page.keyboard.press('Enter')
		await until(async () => (await shown())[0] === gold + silver, 'both')
		assert.equal(await bar().locator('[aria-current=true]').count(), 2)
		await accessible(page, 'filters')
		await shot(page, 'filters')
	})

	test('the address is the view: reloaded, gone back from, cleared', async () => {
		const before = await shown()
		await page.reload()
		await page.locator('.board [data-cell]').first().waitFor()
		await link(/^Gold/).and(page.locator('[aria-current=true]')).waitFor()
		assert.deepEqual(await shown(), before)
		await page.goBack()
		await until(async () => await bar().locator('[aria-current=true]').count() === 1, 'one filter as before')
		await link('Clear').click()
		await until(async () => await bar().locator('[aria-current=true]').count() === 0, 'none')
		assert.ok(!page.url().includes('only='))
	})

	test('what it filters can be selected at once', async () => {
		await link(/^Gold/).click()
		const [n] = await shown()
		await page.getByRole('button', { name: 'Select these' }).click()
		await until(async () => await store(() => document.querySelector('bp-map').store.selection.peek().size) === n, 'they are selected')
		await page.keyboard.press('Escape')
	})

	test('what is selected is left out of planning with a reason, listed with it, and taken back', async () => {
		await page.getByRole('tab', { name: 'All', exact: true }).click()
		await page.locator('.panel-body [role=row]').nth(1).click()
		await page.getByRole('button', { name: 'More', exact: true }).click()
		await page.getByRole('menuitem', { name: 'Leave out of planning…' }).click()
		const dialog = page.locator('dialog[open]')
		await dialog.getByLabel('Reason').fill('a dispute over money')
		await accessible(page, 'an outlet is left out')
		await page.keyboard.press('Enter')
		await page.getByText('1 outlet is left out from the next optimisation on').waitFor()
		await page.getByRole('button', { name: 'More', exact: true }).focus()
		await page.keyboard.press('Enter')
		await page.getByRole('menuitem', { name: 'Outlets that are not planned' }).click()
		await dialog.getByText('left out by the blacklist: a dispute over money').waitFor()
		await accessible(page, 'outlets that are not planned')
		await shot(page, 'unplanned')
		await dialog.getByRole('button', { name: 'Plan again' }).first().click()
		await dialog.getByText('a dispute over money').waitFor({ state: 'detached' })
		await page.keyboard.press('Escape')
	})

	test('visits of a holiday are told, with what becomes of them, and lead to their outlets', async () => {
		const { cycle, visits } = await api(page, 'GET', `/plans/${unit.plan.id}/draft`), today = new Date().toISOString().slice(0, 10), at = (/** @type {number} */ d) => new Date(Date.parse(cycle.anchor) + d * 86400000).toISOString().slice(0, 10)
		const on = at(visits.day.find((/** @type {number} */ d) => at(d) > today))
		await api(page, 'PUT', `/territories/${unit.id}/holidays`, { day: on, name: 'Founding day', reason: 'a test' })
		await page.goto(`${base}/territories/${unit.id}/plan?channel=GT`)
		const line = page.locator('.attention a', { hasText: /visits? falls? on a holiday/ })
		await line.getByText(/Founding day: left out/).waitFor()
		await page.locator('.board th.holiday').first().waitFor()
		await line.click()
		await link(/^Falls on a holiday/).and(page.locator('[aria-current=true]')).waitFor()
		const [n, fits] = await shown()
		assert.ok(n > 0 && n === fits, `${n} and ${fits}`)
		await accessible(page, 'holidays on the board')
		await shot(page, 'holiday-board')
		await api(page, 'DELETE', `/territories/${unit.id}/holidays?day=${on}&reason=a+test`)
	})

	test('a list and a day are in the address, and gone back from', async () => {
		const on = (/** @type {string} */ id) => page.locator(`#tab-${id}[aria-selected=true]`).waitFor()
		await page.goto(`${base}/territories/${unit.id}/plan?channel=GT`)
		const line = page.locator('.attention a', { hasText: /longest way/ }).first()
		await line.focus()
		await page.keyboard.press('Enter')
		await page.waitForURL(/seat=.*&date=/)
		await page.locator('.stops [data-need]').first().waitFor()
		await page.goBack()
		await page.locator('.attention').first().waitFor()
		await page.getByRole('tab', { name: /^Unserved/ }).click()
		await page.waitForURL(/list=unserved/)
		await page.reload()
		await on('unserved')
		await page.goto(`${base}/territories/${unit.id}/plan?channel=GT&only=short`)
		await on('unserved')
	})

	test('a line of what to look at first leads to its outlets', async () => {
		const { seats } = await api(page, 'GET', `/plans/${unit.plan.id}/draft`), today = new Date().toISOString().slice(0, 10)
		const made = await api(page, 'POST', `/seats/${seats[0].id}/absences`, { from: today, to: new Date(Date.now() + 12 * 86400000).toISOString().slice(0, 10), kind: 'LEAVE' })
		await page.goto(`${base}/territories/${unit.id}/plan?channel=GT`)
		await page.getByRole('link', { name: /visits? falls? on leave/ }).click()
		await page.waitForURL(/only=leave/)
		await link(/^Falls on leave/).and(page.locator('[aria-current=true]')).waitFor()
		await page.goBack()
		await page.locator('.attention').first().waitFor()
		await page.goForward()
		await link(/^Falls on leave/).and(page.locator('[aria-current=true]')).waitFor()
		const [n, fits] = await shown()
		assert.ok(n > 0 && n === fits, `${n} and ${fits}`)
		await page.emulateMedia({ colorScheme: 'dark' })
		await page.setViewportSize({ width: 390, height: 844 })
		await page.getByRole('tab', { name: 'List', exact: true }).click()
		await accessible(page, 'filters on a small screen')
		await shot(page, 'filters-small')
		await api(page, 'DELETE', `/seats/${seats[0].id}/absences/${made.id}`)
	})

	test('an outlet that went to another unit is told, with who visits it until when, by keyboard', async () => {
		const draft = await api(page, 'GET', `/plans/${unit.plan.id}/draft`), snap = await api(page, 'GET', `/territories/${unit.id}/snapshot`)
		const visited = new Set(draft.visits.need), i = undelta(snap.needs.id).findIndex((need) => visited.has(need)), outlet = undelta(snap.outlets.id)[undelta(snap.needs.outlet)[i]]
		const other = (await api(page, 'GET', '/territories?units=1&limit=500')).items.find((t) => t.id !== unit.id && !t.locks.length)
		const put = await api(page, 'POST', `/territories/${other.id}/placings`, { outlets: [outlet], reason: 'served from there' })
		await page.emulateMedia({ colorScheme: 'light' })
		await page.setViewportSize({ width: 1440, height: 900 })
		const line = page.getByRole('button', { name: /1 outlet went to another unit/ })
		await until(async () => {
			await page.goto(`${base}/territories/${unit.id}/plan?channel=GT`)
			return line.waitFor({ timeout: 3000 }).then(() => true, () => false)
		}, 'the outlet is missed')
		await line.focus()
		await page.keyboard.press('Enter')
		const row = page.getByRole('dialog').locator('tbody tr')
		await row.first().waitFor()
		assert.equal(await row.count(), 1)
		assert.match(await row.innerText(), new RegExp(`${other.name.replace(/[()]/g, '\\$&')}[^]*this plan`))
		await accessible(page, 'outlets that went to another unit')
		await shot(page, 'departed')
		await page.keyboard.press('Escape')

		// A draft without it: whoever is about to commit it is told that nobody visits the outlet then.
		await api(page, 'POST', `/territories/${unit.id}/lock`, { channel: 'GT' })
		const session = await api(page, 'POST', '/planning/sessions', { territoryId: unit.id, channel: 'GT' }), mine = await api(page, 'GET', `/planning/sessions/${session.id}/draft`)
		const needs = undelta(snap.needs.id).filter((need, k) => undelta(snap.outlets.id)[undelta(snap.needs.outlet)[k]] === outlet)
		const visits = mine.visits.need.flatMap((need, k) => (needs.includes(need) && !mine.visits.to[k] ? [{ need, date: dateOf(mine.cycle.anchor, mine.visits.day[k]) }] : []))
		await api(page, 'POST', `/planning/sessions/${session.id}/ops`, { seq: mine.seq, ops: [{ clientId: crypto.randomUUID(), kind: 'remove', reach: 'standing', visits, reason: 'not ours' }] })
		await page.goto(`${base}/territories/${unit.id}/plan?channel=GT`)
		await line.click()
		assert.match(await row.innerText(), /nobody once this draft is committed/)
		await looks(page, 'departed-dropped')
		await page.keyboard.press('Escape')
		await page.getByRole('button', { name: 'Commit', exact: true }).click()
		await page.locator('#cm-dropped').waitFor()
		assert.match(await page.locator('#cm-dropped').innerText(), /1 outlet lies in this unit no more: nobody visits it/)
		await looks(page, 'departed-commit')
		await page.locator('#cm-dropped').getByRole('button', { name: 'Show' }).click()
		await row.first().waitFor()
		await page.keyboard.press('Escape')
		await api(page, 'POST', `/planning/sessions/${session.id}/close`)
		await api(page, 'POST', `/territories/${other.id}/placings/undo`, { id: put.id, reason: 'as it was' })
		await until(async () => (await api(page, 'GET', `/plans/${unit.plan.id}/departed`)).outlets === 0, 'it is back')
	})
})
