// SPDX-License-Identifier: GPL-3.0-or-later
// The next purchase that is due, as people see it: on the page of an outlet, on the map, in "why here"; and switched on for the plans.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { accessible, api, base, openPage, shot, signIn, until } from './lib.mjs'
import { imported, numbers, planOf } from './region.mjs'

const DAY = 86400000, today = Math.floor(Date.now() / DAY)
const dateOf = (day) => new Date(day * DAY).toISOString().slice(0, 10)

describe('the next purchase', () => {
	let page, context, faults, unit, outlet
	before(async () => {
		;({ page, context, faults } = await openPage())
		await signIn(page)
		const random = numbers(9), at = () => [13.3, 74.7].map((c) => (c + (random() - 0.5) * 0.04).toFixed(5))
		await imported(page, context, 'purchases', {
			distributors: ['code,name,lat,lon', 'BUY-D,Distributor of buyers,13.3,74.7'],
			outlets: ['code,name,lat,lon,tier,channel,country,region,dt_code,visit frequency,nppd', ...Array.from({ length: 90 }, (_, i) => `BUY-${i},Shop ${i},${at()},Silver,GT,Buyland,BUY,BUY-D,1,${i === 5 ? 84 : ''}`)],
			seats: ['code,name,person,dt_codes,vehicle', 'BUY-S,Seat of buyers,Buyer One,BUY-D,two-wheeler'],
		})
		/* Outlet 2 is long overdue; the last ones have bought nothing. */
		await imported(page, context, 'what they bought', {
			invoices: ['invoice no,invoice date,customer code,sku,product name,qty,unit price,net amount,tax amount', ...Array.from({ length: 80 }, (_, i) => [0, 1, 2, 3].map((k) => `BI-${i}-${k},${dateOf(today - (i === 2 ? 95 : i % 14) - 14 * k)},BUY-${i},TEA,Tea,1,10,10,0`)).flat()],
		})
		unit = (await api(page, 'GET', '/territories?units=1&q=BUY')).items.find((t) => t.unit)
		outlet = async (code) => api(page, 'GET', `/outlets/${(await api(page, 'GET', `/outlets?q=${code}`)).items.find((o) => o.code === code).id}`)
		await until(async () => (await outlet('BUY-1')).due !== null, 'the purchases are counted')
		await planOf(page, context, unit, 3)
	})
	after(async () => {
		await api(page, 'DELETE', `/territories/${unit.id}/lock?channel=GT`).catch(() => {})
		await context.close()
		assert.deepEqual(faults, [])
	})

	test('the page of an outlet tells the date, the score and by what', async () => {
		for (const [code, says] of [['BUY-1', /score \d+.*every 14 days, give or take 2; last on/s], ['BUY-5', /score 84.*as its file says by a score/s], ['BUY-2', /to be won back/]]) {
			await page.goto(`${base}/outlets/${(await outlet(code)).id}`)
			const row = page.locator('dt', { hasText: 'Next purchase due' }).locator('xpath=following-sibling::dd[1]')
			await row.waitFor()
			assert.match(await row.innerText(), says)
			await accessible(page, `outlet ${code}`)
			await shot(page, `due-01-${code}`)
		}
		await page.goto(`${base}/outlets/${(await outlet('BUY-85')).id}`)
		await page.locator('dt', { hasText: 'Channel' }).waitFor()
		assert.equal(await page.locator('dt', { hasText: 'Next purchase due' }).count(), 0)
	})

	test('it is switched on in the parameters', async () => {
		await page.goto(`${base}/territories/${unit.id}/profile?channel=GT`)
		await page.getByLabel('Draw visits to the days on which purchases are due (NPPD)').selectOption({ label: 'Yes' })
		assert.ok(await page.getByRole('button', { name: /^Save/ }).isDisabled(), 'not without a reason')
		await page.locator('#p-reason').fill('we follow purchases now')
		await page.getByRole('button', { name: /^Save/ }).click()
		await page.locator('.toast', { hasText: 'the next optimisation plans by them' }).waitFor()
		await page.locator('#history tr', { hasText: 'we follow purchases now' }).getByText(/\(NPPD\): .* → 1/).waitFor()
		await accessible(page, 'parameters')
		await shot(page, 'due-02-parameters')
	})

	test('a change stands in the history, and is put back by keys', async () => {
		const row = () => page.locator('#history tr', { hasText: 'too dear' })
		await page.getByLabel('Changed day').fill('9')
		await page.getByLabel('Changed day').press('Tab')
		await page.locator('#p-reason').fill('too dear')
		await page.getByRole('button', { name: /^Save/ }).click()
		await row().getByText('Prices, in minutes: Changed day: inherited → 9').waitFor()
		await row().getByRole('button', { name: /^Put back/ }).focus()
		await page.keyboard.press('Enter')
		await page.locator('dialog[open]').getByLabel('Reason').fill('it was a trial')
		await page.keyboard.press('Enter')
		await page.locator('#history tr', { hasText: 'it was a trial' }).getByText('Changed day: 9 → inherited').waitFor()
		await page.locator('.toast', { hasText: 'Put back' }).waitFor()
		assert.equal((await api(page, 'GET', `/territories/${unit.id}/profile?channel=GT`)).params.find((x) => x.name === 'priceDay').own, false)
		await accessible(page, 'history of parameters')
		await shot(page, 'due-03-history')
	})

	test('the map shades it, and why here tells what a day is worth', async () => {
		await page.goto(`${base}/territories/${unit.id}/plan?channel=GT`)
		await page.locator('select', { has: page.locator('option[value=nppd]') }).selectOption('nppd')
		await page.locator('.map-legend', { hasText: 'not known yet' }).waitFor()
		await shot(page, 'due-03-map')
		await page.locator('.board [data-cell]').first().click()
		await page.locator('.stops li').filter({ hasNotText: /BUY-8\d/ }).first().focus() // one that has bought something
		await page.keyboard.press('w')
		const line = page.locator('.why .due')
		await line.waitFor()
		assert.match(await line.innerText(), /next purchase (is|was) due on .*(Worth [\d.]+ min on this day|won back)/s)
		await accessible(page, 'why here')
		await shot(page, 'due-04-why')
		await page.emulateMedia({ colorScheme: 'dark' })
		await shot(page, 'due-05-why-dark')
		await page.emulateMedia({ colorScheme: 'light' })
		await page.setViewportSize({ width: 390, height: 844 })
		await page.getByRole('tab', { name: 'List' }).click().catch(() => page.getByRole('button', { name: 'List' }).click())
		await shot(page, 'due-06-narrow')
	})
})
