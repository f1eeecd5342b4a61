// SPDX-License-Identifier: GPL-3.0-or-later
// Versions are held against the trail by a button; one that was changed past it names where.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { sql } from '../api/shell.mjs'
import { api, base, looks, openPage, plannedUnit, signIn } from './lib.mjs'

describe('a version against the trail', () => {
	let page, context, faults, unit, versions
	const dialog = () => page.locator('dialog[open]')
	const row = (/** @type {number} */ number) => page.locator('tr', { has: page.locator('td:first-child b', { hasText: new RegExp(`^${number}$`) }) })
	const check = async (number) => {
		await row(number).getByRole('button', { name: 'Check against the trail' }).focus()
		await page.keyboard.press('Enter')
		await dialog().locator('.notice').waitFor()
		return dialog().innerText()
	}
	before(async () => {
		;({ page, context, faults } = await openPage({ viewport: { width: 1280, height: 800 } }))
		await signIn(page)
		unit = await plannedUnit(page)
		const plan = (await api(page, 'GET', `/plans?territory=${unit.id}&channel=GT`)).items[0]
		versions = (await api(page, 'GET', `/plans/${plan.id}/versions`)).items
		await page.goto(`${base}/territories/${unit.id}/versions?channel=GT`)
	})
	after(async () => {
		await context.close()
		assert.deepEqual(faults, [])
	})

	test('the committed one is what its changes give', async () => {
		const text = await check(versions.find((v) => v.committed).number)
		assert.match(text, /The changes give this very version/)
		assert.match(text, /Began from\s+the empty plan/)
		await looks(page, 'replay-01-same')
		await page.keyboard.press('Escape')
	})
	test('one that was changed past the trail is not, and the place is named', async () => {
		const v = versions.find((x) => x.committed), state = process.env.BEATPLAN_STATE
		const [need, day, seq, code] = sql(state, `SELECT s.need_id, s.day, s.seq, o.code FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY seat_id, day ORDER BY pos) AS k FROM plan_stop WHERE version_id = ${v.id}) s JOIN need n ON n.id = s.need_id JOIN outlet o ON o.id = n.outlet_id WHERE s.k = 3 LIMIT 1`).split('\t')
		const stop = `version_id = ${v.id} AND need_id = ${need} AND day = ${day} AND seq = ${seq}`
		sql(state, `UPDATE plan_stop SET pos = pos + 10000 WHERE ${stop}`)
		try {
			const text = await check(v.number)
			assert.match(text, /The changes give another plan/)
			assert.match(text, /place 3 of the tour/)
			assert.ok(text.includes(`the trail gives ${code} ·`), text)
			await looks(page, 'replay-02-other')
		} finally {
			sql(state, `UPDATE plan_stop SET pos = pos - 10000 WHERE ${stop}`)
		}
		await page.keyboard.press('Escape')
	})
	test('a proposal has its run record instead', async () => {
		const proposal = versions.find((v) => v.kind === 'OPTIMISE')
		await row(proposal.number).waitFor()
		assert.equal(await row(proposal.number).getByRole('button', { name: 'Check against the trail' }).count(), 0)
		assert.equal(await row(proposal.number).getByRole('button', { name: 'Run record' }).count(), 1)
	})
})
