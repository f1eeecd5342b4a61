// SPDX-License-Identifier: GPL-3.0-or-later
// Modern trade by store: chains as lanes, appointments, a clash where it occurs and its repair.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { accessible, api, base, openPage, shot, signIn } from './lib.mjs'

const stamp = Date.now().toString(36)
const outlets = ['code,name,lat,lon,tier,country,state,city,dt_code,channel,chain', ...Array.from({ length: 24 }, (_, i) =>
	`MS-${stamp}-${i},Store ${i},${(19 + (i % 6) / 60).toFixed(5)},${(72.8 + Math.floor(i / 6) / 60).toFixed(5)},${['Gold', 'Silver', 'Bronze'][i % 3]},Marketland ${stamp},Marketstate ${stamp},Marketown ${stamp},MD-${stamp},MT,Chain ${i % 3} ${stamp}`)]
const files = {
	distributors: `code,name,lat,lon\nMD-${stamp},Market Distribution ${stamp},19.05,72.85\n`,
	outlets: `${outlets.join('\n')}\n`,
	seats: `code,name,person,dt_codes,vehicle,channel\nMSS-${stamp},Key accounts,Kay Market,MD-${stamp},car,MT\n`,
}

describe('modern trade by store', () => {
	let page, context, faults, unit
	const dialog = () => page.locator('dialog[open]')

	/** Files through an import, as the wizard does it. */
	const load = async () => {
		const { id } = await api(page, 'POST', '/import/sessions', { name: `stores ${stamp}` })
		for (const [name, text] of Object.entries(files))
			await page.evaluate(async ([session, n, body]) => {
				const me = await (await fetch('/api/v1/auth/me')).json()
				const r = await fetch(`/api/v1/import/uploads?session=${session}&name=${n}.csv`, { method: 'PUT', headers: { 'X-CSRF-Token': me.csrf, 'Content-Type': 'text/csv' }, body })
				if (!r.ok)
					throw new Error(await r.text())
			}, [id, `${name}-${stamp}`, text])
		for (const step of ['validate', 'process']) {
			const { jobId, ...problem } = await api(page, 'POST', `/import/sessions/${id}/${step}`, {})
			assert.ok(jobId, JSON.stringify(problem))
			for (let i = 0; ; i++) {
				const job = await api(page, 'GET', `/jobs/${jobId}`)
				if (job.state === 'done')
					break
				assert.ok(i < 300 && job.state !== 'failed', JSON.stringify(job))
				await page.waitForTimeout(100)
			}
		}
	}
	before(async () => {
		;({ page, context, faults } = await openPage())
		await signIn(page)
		await load()
		unit = (await api(page, 'GET', `/territories?units=1&limit=500&q=${encodeURIComponent(`Market`)}`)).items.find((t) => t.name.includes(stamp) || t.code.includes(stamp))
		assert.ok(unit, 'the stores make a unit')
	})
	after(async () => {
		if (unit)
			await api(page, 'DELETE', `/territories/${unit.id}/lock?channel=MT`).catch(() => {})
		await context.close()
		assert.deepEqual(faults, [])
	})

	test('stores are planned, and stand in the lanes of their chains', async () => {
		await page.goto(`${base}/territories/${unit.id}/plan?channel=MT`)
		await page.locator('.ws-tools').getByRole('button', { name: 'Lock and plan' }).click()
		await page.locator('.ws-bar .chip.accent').waitFor()
		await page.keyboard.press('o')
		await dialog().locator('#op-s').fill('5')
		await dialog().getByRole('button', { name: 'Start' }).click()
		await dialog().getByRole('button', { name: 'Accept the proposal' }).click({ timeout: 60000 })
		await page.locator('.stores [role=row]', { hasText: `Chain 0 ${stamp}` }).waitFor()
		await page.waitForFunction(() => document.querySelectorAll('.stores .visit').length > 10)
		await page.getByText('every visit within its hours').waitFor()
		await accessible(page, 'stores')
		await shot(page, 'stores-01')
	})
	test('an appointment that does not fit is drawn where it does not, and one click repairs it', async () => {
		const row = page.locator('.stores [role=row]', { has: page.locator('.visit') }).first()
		await row.getByRole('button', { name: /^Appointments of/ }).click()
		await dialog().locator('#st-hours').fill('nonsense')
		await dialog().getByRole('button', { name: 'Save' }).click()
		await dialog().getByText(/cannot be read/).waitFor()
		// The weekday of its first visit is closed.
		const label = await row.locator('.visit').first().getAttribute('aria-label')
		const weekday = /, (Mon|Tue|Wed|Thu|Fri|Sat)/.exec(label)?.[1]
		await dialog().locator('#st-hours').fill(['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'].filter((d) => d !== weekday).map((d) => `${d} 9:00-17:00`).join(', '))
		await dialog().getByRole('button', { name: 'Save' }).click()
		await page.locator('.stores .visit.bad').first().waitFor()
		await shot(page, 'stores-02-clash')
		await page.getByRole('button', { name: 'Show the first' }).click()
		await page.locator('.why .notice.bad', { hasText: 'closed on this day' }).waitFor()
		await page.locator('.why .options li').first().waitFor()
		assert.ok(await page.locator('.why .options li').count() <= 3)
		await accessible(page, 'repairs')
		const clashes = await page.locator('.stores .visit.bad').count()
		await page.locator('.why .options').getByRole('button', { name: 'Move there' }).first().click()
		await page.waitForFunction((n) => document.querySelectorAll('.stores .visit.bad').length < n, clashes)
	})
	test('the board of people is one click away', async () => {
		await page.getByRole('button', { name: 'People', exact: true }).click()
		await page.locator('.board [data-cell]').first().waitFor()
	})
})
