// SPDX-License-Identifier: GPL-3.0-or-later
// Planning units from the territory list to a published scenario and back, by mouse and by keyboard.
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { accessible, api, base, openPage, shot, signIn } from './lib.mjs'

const rows = Array.from({ length: 80 }, (_, i) => `UNI${i},Unit shop ${i},${(9 + (i % 8) * 0.01).toFixed(4)},${(75 + Math.floor(i / 8) * 0.01).toFixed(4)},UniLand,UniZone,${i < 60 ? 'UniWest,UniWest town' : 'UniEast,UniEast town'}`)
const file = `code,name,lat,lon,country,zone,region,area\n${rows.join('\n')}\n`

/** An import by requests: the screens of it have tests of their own. */
async function load(page) {
	const s = await api(page, 'POST', '/import/sessions', { name: 'units' })
	await page.evaluate(async ([id, text]) => {
		const csrf = (await (await fetch('/api/v1/auth/me')).json()).csrf
		await fetch(`/api/v1/import/uploads?session=${id}&name=outlets.csv`, { method: 'PUT', headers: { 'X-CSRF-Token': csrf, 'Content-Type': 'text/csv' }, body: text })
	}, [s.id, file])
	for (const what of ['validate', 'process']) {
		const { jobId } = await api(page, 'POST', `/import/sessions/${s.id}/${what}`, {})
		for (let i = 0; i < 200 && ['queued', 'running'].includes((await api(page, 'GET', `/jobs/${jobId}`)).state); i++)
			await page.waitForTimeout(150)
	}
}

describe('planning units', () => {
	let opened = null
	after(() => opened?.context.close())

	test('designed, compared, approved, published and undone', async () => {
		opened = await openPage({ bypassCSP: true })
		const { page, faults } = opened
		await page.goto(base + '/login')
		await signIn(page)
		await load(page)
		await page.goto(base + '/territories?q=UniZone')
		await page.getByRole('link', { name: 'Planning units of UniZone' }).click()
		await page.getByRole('heading', { name: 'Planning units' }).waitFor()
		await page.locator('#unit-check').getByText('too small').first().waitFor()
		await accessible(page, 'units of today')
		await page.getByLabel('Number of units').fill('500')
		await page.getByRole('button', { name: 'Design', exact: true }).click()
		await page.getByText('ask for at most 80').waitFor()
		await page.getByLabel('Number of units').fill('')
		await page.getByRole('button', { name: 'Design', exact: true }).click()
		const row = page.locator('#scenarios tbody tr').filter({ hasText: /^\s*Even/ })
		await row.waitFor()
		await row.getByRole('button', { name: 'Even' }).focus()
		await page.keyboard.press('Enter')
		await page.locator('#scenario').getByRole('heading', { name: 'Who gets what' }).waitFor()
		await accessible(page, 'scenarios')
		await shot(page, 'units')
		const zone = (await api(page, 'GET', '/territories?q=UniZone')).items[0].id
		const sizes = async () => (await api(page, 'GET', `/territories/${zone}/units`)).units.map((u) => u.outlets).sort().join()
		assert.equal(await sizes(), '20,60')
		await row.getByRole('button', { name: 'Approve' }).click()
		await row.getByText('approved').waitFor()
		await row.getByRole('button', { name: 'Publish…' }).click()
		await page.getByLabel('Reason').fill('one person each')
		await page.keyboard.press('Enter')
		await row.getByText('published').waitFor()
		assert.notEqual(await sizes(), '20,60')
		await row.getByRole('button', { name: 'Undo…' }).click()
		await page.getByLabel('Reason').fill('as it was')
		await page.getByRole('dialog').getByRole('button', { name: 'Undo' }).click()
		await row.getByText('undone').waitFor()
		assert.equal(await sizes(), '20,60')
		assert.deepEqual(faults, [])
	})
})
